import { Missing } from '#contract/errors'
import type { Change } from '#contract/live'
import type { Engine, EngineTest } from '#contract/runners/engines'
import { type Domain, recordChange } from '../domain.ts'

type Engines = Pick<Domain, 'engines'>

export function listEngines({ engines }: Engines): Engine[] {
  return engines.list()
}

/** Throws NOT_FOUND. */
export function getEngine({ engines }: Engines, id: string): Engine {
  const engine = engines.list().find(one => one.id === id)
  if (engine === undefined) throw new Missing('engine', id)
  return engine
}

export async function refreshEngines({ engines }: Engines): Promise<Engine[]> {
  await engines.look()
  return engines.list()
}

/** Throws NOT_FOUND or ENGINE_UNAVAILABLE. */
export async function testEngine(domain: Engines, id: string): Promise<EngineTest> {
  return domain.engines.test(getEngine(domain, id).id)
}

/** An engine came, went, or is not as it was. While nothing can be written nobody is told; it is listed as it is all the same. */
export async function tellOfEngine(domain: Domain, op: Change['op'], id: string): Promise<void> {
  await domain.store.writer.write(() => recordChange(domain, 'engine', op, id)).catch(() => {})
}
