import type { Mcp, McpCheck } from '#contract/fleet/mcps'
import { type McpRow, toMcp } from '../../store/fleet/mcps.ts'
import { CannotOpen } from '../../vault/envelope.ts'
import { type Domain, recordChange } from '../domain.ts'
import { type LeftOutMcp, MissingSecret, type ResolvedMcp, requireMcp, resolveMcp } from '../fleet/mcps.ts'
import { orgSecrets } from '../fleet/secrets.ts'
import { ask, silent } from './questions.ts'
import { connectedRunner } from './runners.ts'

/** A server that hangs is not looked at again more often than this. */
const pauseMs = 60_000

type Actor = Parameters<Domain['store']['writer']['write']>[1]

/** Has a runner start or call the server, and keeps how it answered. Throws RUNNER_OFFLINE, RUNNER_SILENT and UNKNOWN_RUNNER. */
export async function testMcp(
  domain: Domain,
  id: string,
  runnerId: string | undefined,
  actor: Actor
): Promise<Mcp & { tools: Extract<McpCheck, { ok: true }>['tools'] }> {
  const row = requireMcp(domain, id)
  const check = await checked(domain, row, runnerId, actor)
  const kept = await domain.store.writer.write(() => keep(domain, row, check), actor)
  return { ...kept, tools: check.ok ? check.tools : [] }
}

/** After a run went without servers that hang: whether they have been mended meanwhile. */
export function lookAgain(domain: Domain, servers: readonly LeftOutMcp[], runner: string): void {
  const now = domain.clock.now()
  for (const { id } of servers.filter(server => server.hangs)) {
    const row = requireMcp(domain, id)
    if (row.checked_at !== null && now - row.checked_at < pauseMs) continue
    domain.store.mcps.update(id, { checked_at: now })
    domain.store.writer.afterCommit(() => {
      const check = checked(domain, row, runner, undefined)
      void check.then(found => domain.store.writer.write(() => keep(domain, row, found))).catch(() => undefined)
    })
  }
}

function resolved(
  domain: Pick<Domain, 'vault' | 'store'>,
  row: McpRow
): ResolvedMcp | Extract<McpCheck, { ok: false }> {
  try {
    return resolveMcp(domain, row, orgSecrets(domain))
  } catch (error) {
    if (error instanceof MissingSecret || error instanceof CannotOpen) return { ok: false, detail: error.message }
    throw error
  }
}

/** What lacks a secret needs no runner to fail. */
async function checked(domain: Domain, row: McpRow, runnerId: string | undefined, actor: Actor): Promise<McpCheck> {
  const server = resolved(domain, row)
  if ('ok' in server) return server
  const runner = connectedRunner(domain, runnerId)
  const asked = await ask(domain, runner, { type: 'checkMcp', server }, { actor, about: row.id })
  // Nothing was learnt of the server.
  if (asked.type === 'unanswered') throw silent(asked)
  return asked.answer
}

/** What was changed meanwhile has not been checked; every change seals anew. */
function keep(domain: Domain, checked: McpRow, check: McpCheck): Mcp {
  const row = requireMcp(domain, checked.id)
  const result = {
    status: check.ok ? ('ok' as const) : ('failed' as const),
    detail: check.ok ? null : check.detail,
    hangs: !check.ok && check.hangs === true ? 1 : 0,
    checked_at: domain.clock.now()
  }
  if (row.sealed.equals(checked.sealed)) {
    domain.store.mcps.update(row.id, result)
    recordChange(domain, 'mcp', 'changed', row.id)
  }
  return toMcp({ ...row, ...result })
}
