import type { z } from 'zod'
import { AppError, FieldError } from '#contract/errors'
import { type FiledAgent, filedAgent, type Import } from '#contract/fleet/agent-files'
import { maxAgents } from '#contract/fleet/agents'
import type { Domain } from '../domain.ts'
import { changeAgent, createAgent, faultsOf } from './agents.ts'

interface Looked {
  entry: Import['entries'][number]
  wanted: FiledAgent | null
}

/**
 * What a file brings, looked at together: names also count against each other. Made are all of them or none; throws
 * INVALID_REQUEST with the fault of every entry.
 */
export function importAgents(domain: Domain, { agents, dryRun }: { agents: unknown[]; dryRun: boolean }): Import {
  const looked = lookAt(domain, agents)
  const entries = looked.map(({ entry }) => entry)
  if (dryRun) return { entries, made: [] }
  const faults = entries.flatMap((entry, i) =>
    entry.faults.map(({ path, message }) => ({ path: `agents.${i}.${path}`, text: message }))
  )
  if (faults.length > 0) throw new FieldError('INVALID_REQUEST', faults)
  const free = maxAgents - domain.store.agents.count()
  if (agents.length > free)
    throw new AppError(
      'LIMIT_REACHED',
      `There is room for ${free} agents more, archived ones included, not for ${agents.length}`
    )
  return { entries, made: makeAll(domain, looked) }
}

/** Managers come last: who reports to whom may stand in any order. */
function makeAll(domain: Domain, looked: readonly Looked[]): Import['made'] {
  const made = looked.flatMap(({ wanted }) => {
    if (!wanted) return []
    const { manager, slug, ...settings } = wanted
    const free = slug !== undefined && !domain.store.agents.bySlug(slug)
    return [{ manager, agent: createAgent(domain, free ? { ...settings, slug } : settings) }]
  })
  return made.map(({ manager, agent }) =>
    manager && domain.store.agents.bySlug(manager) ? changeAgent(domain, agent.id, { managerId: manager }) : agent
  )
}

function lookAt(domain: Domain, agents: readonly unknown[]): Looked[] {
  const names = new Map<string, number>()
  const slugs = new Set(agents.flatMap(one => slugIn(one) ?? []))
  return agents.map((given, i) => {
    const parsed = filedAgent.safeParse(given)
    if (!parsed.success) {
      const faults = parsed.error.issues.map(issue => ({
        path: issue.path.join('.') || 'name',
        message: wordsOf(issue)
      }))
      return { entry: { name: nameIn(given), faults, notes: [] }, wanted: null }
    }
    const wanted = parsed.data
    const faults = faultsOf(domain, wanted)
    const earlier = names.get(wanted.name)
    if (earlier === undefined) names.set(wanted.name, i)
    else faults.push({ path: 'name', message: `entry ${earlier + 1} of the file has this name` })
    return { entry: { name: wanted.name, faults, notes: notesOn(domain, wanted, slugs) }, wanted }
  })
}

function notesOn({ store }: Domain, { slug, manager }: FiledAgent, slugs: ReadonlySet<string>): string[] {
  const notes: string[] = []
  if (slug !== undefined && store.agents.bySlug(slug))
    notes.push(`${slug} is the short name of another agent: it gets one of its own`)
  if (manager && !slugs.has(manager) && !store.agents.bySlug(manager))
    notes.push(`There is no agent ${manager} for it to report to: it reports to nobody`)
  return notes
}

function wordsOf(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? 'it is no agent: an object with a name' : issue.message
}

function nameIn(given: unknown): string {
  const name = typeof given === 'object' && given !== null && 'name' in given ? given.name : ''
  return typeof name === 'string' ? name.slice(0, 200) : ''
}

function slugIn(given: unknown): string | undefined {
  const slug = typeof given === 'object' && given !== null && 'slug' in given ? given.slug : undefined
  return typeof slug === 'string' ? slug : undefined
}
