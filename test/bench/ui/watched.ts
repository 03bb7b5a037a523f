import type { Line, Round } from '../line.ts'
import type { Felt } from './probe.ts'
import { missing } from './stage.ts'

export interface Watched {
  floor: Felt
  ours: Felt
}

type Figure = (felt: Felt) => number

interface Scene<Stage> {
  floor: string
  open(): Promise<Stage>
  /** One round: what the empty page felt, and what ours did. */
  watch(stage: Stage): Promise<Watched>
}

/** Several figures of one scene. Each round is watched once, whichever lines are asked for. */
export function watchedLines<Stage extends { close(): Promise<void> }>({ floor, open, watch }: Scene<Stage>) {
  const watched = new Map<number, Watched>()
  return (line: Pick<Line, 'name' | 'title' | 'unit' | 'goal'>, figure: Figure): Line => ({
    ...line,
    floor,
    rounds: 5,
    missing,
    async prepare() {
      let stage: Stage | undefined
      const taken = async (index: number) => {
        stage ??= await open()
        const round = await watch(stage)
        watched.set(index, round)
        return round
      }
      return {
        async round(index): Promise<Round> {
          const { floor, ours } = watched.get(index) ?? (await taken(index))
          return { floor: figure(floor), ours: figure(ours) }
        },
        close: async () => stage?.close()
      }
    }
  })
}
