import type { Run } from '#contract/runs/runs'
import type { Reading } from '../../domain/domain.ts'
import { requireRun } from '../../domain/runs/runs.ts'
import { etagOf } from '../engine/conditional.ts'
import type { Rendered } from '../route.ts'

const head = Buffer.from('{"data":[')
const tail = Buffer.from(']}')

/** `{data}` with the events of a run after one of them, as they were stored. */
export function eventPage(domain: Reading, id: string, { after, limit }: { after: number; limit: number }): Rendered {
  const page = domain.store.events.joinedAfter(requireRun(domain, id).number, after, limit)
  // Events never change, so the page of one address only ever grows.
  return { pieces: [head, page, tail], tag: `"${page.length}"` }
}

/** Events of which no more are held at a time. */
const step = 100

/** A thing that tells of a run, as JSON, with one more field: all events of the run until now, as they were stored. */
export function withAllEvents(domain: Reading, run: Run, thing: object, field: string): Rendered {
  const text = JSON.stringify(thing)
  function* flow(): Generator<Buffer> {
    yield Buffer.from(`${text.slice(0, -1)},${JSON.stringify(field)}:[`)
    let comma = ''
    for (const page of pages(domain, run)) {
      yield Buffer.concat([Buffer.from(comma), page])
      comma = ','
    }
    yield Buffer.from(']}')
  }
  return { flow: { [Symbol.iterator]: flow }, tag: etagOf(`${text} ${run.lastSeq}`) }
}

function* pages({ store }: Reading, { number, lastSeq, eventsRemovedAt }: Run): Generator<Buffer> {
  if (eventsRemovedAt !== null) return
  for (let after = 0; after < lastSeq; after += step) {
    const page = store.events.joinedAfter(number, after, Math.min(step, lastSeq - after))
    if (page.length > 0) yield page
  }
}
