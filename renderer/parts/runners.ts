import { useQuery } from '@tanstack/react-query'
import { listRunners, type Runner, type RuntimeReport } from '#contract/runners/runners'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'

export function useRunners() {
  return useQuery({ queryKey: keys.runners, queryFn: ({ signal }) => call(listRunners, { signal }) })
}

/** The runner a new run will most likely go to. */
export function nextRunner(runners: readonly Runner[] | undefined): Runner | undefined {
  return runners?.find(one => one.status === 'online' && !one.draining) ?? runners?.[0]
}

/** Where its agents work. */
export function placeWords({
  kind,
  name,
  draining,
  version
}: Pick<Runner, 'kind' | 'name' | 'draining' | 'version'>): string {
  const place = kind === 'remote' ? `Runner ${name}` : 'This computer'
  return draining ? `${place}, ${version}` : place
}

/** What is worth saying of the runner of a run that goes on; nothing when all is well. */
export function runnerWord({ status, draining, version, warnings }: Runner): { word: string; note: string } | null {
  if (status === 'offline') return { word: 'offline', note: 'It does not answer. If it comes back, the run goes on.' }
  if (draining)
    return { word: `${version}, finishing`, note: 'Of an older version: it finishes this run and then leaves.' }
  if (warnings.length === 0) return null
  return { word: 'warns', note: warnings.map(({ message }) => message).join('\n') }
}

/** How the runner of a run, or any that knows it, reports the runtime. */
export function reportOf(
  runners: readonly Runner[] | undefined,
  runtime: string,
  runnerId: string | null
): RuntimeReport | undefined {
  const own = runners?.find(one => one.id === runnerId)
  const others = runners?.filter(one => one !== own) ?? []
  for (const one of own ? [own, ...others] : others) {
    const report = one.runtimes.find(candidate => candidate.id === runtime)
    if (report) return report
  }
  return undefined
}
