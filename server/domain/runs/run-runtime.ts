import { fieldError, invalid } from '#contract/errors'
import type { AgentRow } from '../../store/fleet/agents.ts'
import type { Domain } from '../domain.ts'
import { isReady } from '../runners/placement.ts'
import { canDo } from '../runners/runners.ts'

/** A program is named for runtimes that are whatever program a run names, and for no other. */
export function requireProgram(domain: Pick<Domain, 'runtimes'>, runtime: string, named: boolean): void {
  const takes = domain.runtimes.find(({ id }) => id === runtime)?.kind === 'program'
  if (takes && !named) throw invalid('command', `the runtime "${runtime}" needs a program`)
  if (takes || !named) return
  const taking = domain.runtimes.filter(({ kind }) => kind === 'program').map(({ id }) => `"${id}"`)
  throw invalid('command', `only the runtime ${taking.join(' or ')} takes one`)
}

type Runnable = Pick<AgentRow, 'runtime' | 'provider'>

/** Its own if set, else the CLI of its provider: where that cannot be run, the run says so and ends. */
export function runtimeOf(domain: Domain, { runtime, provider }: Runnable): string {
  return runtime ?? (provider ? domain.runtimeOfProvider[provider] : pickRuntime(domain, undefined))
}

/** Whether a connected runner could run an agent now; the runners are looked at once, for any number of agents. */
export function canRunNow(domain: Domain): (agent: Runnable) => boolean {
  const online = domain.store.runners.taking()
  const usual = pickRuntime(domain, undefined)
  const ready = new Set(domain.runtimes.map(({ id }) => id).filter(id => online.some(row => isReady(row, id))))
  return ({ runtime, provider }) => ready.has(runtime ?? (provider ? domain.runtimeOfProvider[provider] : usual))
}

/** Named or the default: the first agent CLI that is ready on a connected runner. */
export function pickRuntime(domain: Domain, named: string | undefined): string {
  if (named !== undefined) {
    const known = domain.runtimes.map(runtime => runtime.id)
    if (known.includes(named)) return named
    throw fieldError(
      'UNKNOWN_RUNTIME',
      'runtime',
      `"${named}" is not known; there are ${known.join(', ')}`,
      `one of ${known.join(', ')}`
    )
  }
  const online = domain.store.runners.taking()
  return domain.runtimes.find(({ id }) => online.some(row => canDo(row, id)))?.id ?? domain.runtimes[0]?.id ?? ''
}
