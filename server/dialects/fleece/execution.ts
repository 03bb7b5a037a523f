import type { Socket } from 'node:net'
import { AppError } from '#contract/errors'
import { isEnded, type Run } from '#contract/runs/runs'
import type { Domain } from '../../domain/domain.ts'
import { getRun } from '../../domain/runs/runs.ts'

interface Patience {
  stopping: AbortSignal
  client: Pick<Socket, 'once' | 'off' | 'destroyed'>
}

/** The run as it ended. Who leaves, or a control plane that stops, ends the waiting and not the run. Throws SHUTTING_DOWN. */
export async function untilEnded(domain: Domain, id: string, { stopping, client }: Patience): Promise<Run> {
  for (;;) {
    const run = getRun(domain, id)
    if (isEnded(run.status)) return run
    if (stopping.aborted || client.destroyed)
      throw new AppError('SHUTTING_DOWN', 'The control plane is stopping; the run goes on')
    await new Promise<void>(resolve => {
      const done = () => {
        unsubscribe()
        client.off('close', done)
        stopping.removeEventListener('abort', done)
        resolve()
      }
      const unsubscribe = domain.bus.subscribe('end', String(run.number), done)
      client.once('close', done)
      stopping.addEventListener('abort', done, { once: true })
    })
  }
}
