import { dialect, type Mutation } from './mutation.ts'

/** What clients of other products are promised. */
export const dialects: readonly Mutation[] = [
  {
    name: 'what nobody answers holds an execution up for ever',
    file: 'server/domain/runs/approvals.ts',
    find: 'expires_at: run.answer_seconds === null ? null : now + run.answer_seconds * 1000',
    replace: 'expires_at: run.answer_seconds === null ? null : null',
    noticedBy: dialect('fleece/executions', 'takes no for an answer')
  },
  {
    name: 'what nobody answered is asked again of a run that was lost',
    file: 'server/store/runs/approvals.ts',
    find: 'AND (expires_at IS NULL OR decided_at < expires_at)',
    replace: '',
    noticedBy: dialect('fleece/executions', 'asks again for nothing')
  },
  {
    name: 'an execution that is sent again is launched again',
    file: 'server/http/engine/writing.ts',
    find: "route.kind === 'outcome' ? begun(route, result)",
    replace: "route.kind === 'outcome' ? begun(route, route.handle(call, prepared))",
    noticedBy: dialect('fleece/executions', 'is found again under its Idempotency-Key')
  },
  {
    name: 'a key makes one that outlives it',
    file: 'server/dialects/fleece/handlers/keys.ts',
    find: 'expiresAt === null ? undefined :',
    replace: 'expiresAt !== undefined ? undefined :',
    noticedBy: dialect('fleece/clients', 'live no longer')
  },
  {
    name: 'an admin revokes the keys of others through a face of keys of its own',
    file: 'server/dialects/fleece/handlers/keys.ts',
    find: 'key.userId === user.id && ',
    replace: '',
    noticedBy: dialect('fleece/clients', 'of others are neither shown nor revoked')
  },
  {
    name: 'a key that is limited makes keys through another face',
    file: 'server/dialects/fleece/handlers/keys.ts',
    find: 'if (isWhole(principal) || ',
    replace: 'if (isWhole !== null || ',
    noticedBy: dialect('fleece/clients', 'live no longer')
  },
  {
    name: 'what is left of a limit is not told',
    file: 'server/dialects/fleece/index.ts',
    find: ',\n  tellsAllowance: true',
    replace: '',
    noticedBy: dialect('fleece/clients', 'every answer says how much is left')
  }
]
