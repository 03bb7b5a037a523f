import { z } from 'zod'
import { endpoint, idParams, page, pageQuery, timestamp } from '../endpoint.ts'

export const approvalStatuses = ['pending', 'approved', 'denied', 'withdrawn', 'expired'] as const
/** What an agent may ask for. */
export const agentApprovalKinds = ['tool', 'question', 'plan'] as const
/** `trust` is asked by the runner, before an agent is started; `flow` by the control plane, before there is a run. */
export const runApprovalKinds = [...agentApprovalKinds, 'trust'] as const
export const approvalKinds = [...runApprovalKinds, 'flow'] as const

/**
 * The runtime's question, as it put it. For kind `question`, `input.questions` holds `{question, options[{label}]}`; for
 * kind `trust`, `input` is a TrustRequest; for kind `flow`, `input.prompt` is what the agent will be told.
 */
export const approval = z
  .object({
    id: z.uuid(),
    runId: z.string().nullable().describe('null for kind `flow`: there is no run before it is approved'),
    runNumber: z.int().nullable(),
    flowId: z.string().nullable(),
    flowRunId: z.string().nullable(),
    expiresAt: timestamp
      .nullable()
      .describe('Unanswered until then it counts as no; null: it waits as long as its run'),
    agentId: z.string().nullable(),
    agentName: z.string().nullable().describe('As the agent was called when it asked'),
    kind: z.enum(approvalKinds),
    tool: z.string(),
    toolUseId: z.string().nullable(),
    title: z.string().describe('What it wants, in plain words'),
    subject: z.string().describe('The command, path or address that it is about; patterns are matched against it'),
    input: z.record(z.string(), z.unknown()),
    reason: z.string().nullable().describe("The agent's own words; not checked by anyone"),
    editable: z.boolean().default(true).describe('Whether `input` can be changed by the answer'),
    status: z.enum(approvalStatuses),
    scope: z.enum(['once', 'run']).nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: timestamp.nullable(),
    denyReason: z.string().nullable(),
    undoableUntil: timestamp
      .nullable()
      .describe('Decided in a window: the agent is told then, and until then it can be undone; null: it was told'),
    createdAt: timestamp
  })
  .meta({ id: 'Approval' })
export type Approval = z.infer<typeof approval>

/** Whether a pattern allows a subject: `*` stands for anything, everything else for itself. */
export function matchesPattern(pattern: string, subject: string): boolean {
  const parts = pattern.split('*')
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return pattern === subject
  if (!subject.startsWith(first) || subject.length < first.length + last.length || !subject.endsWith(last)) return false
  let at = first.length
  const end = subject.length - last.length
  for (const part of parts.slice(1, -1)) {
    const found = subject.indexOf(part, at)
    if (found === -1 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

export const listApprovals = endpoint({
  id: 'listApprovals',
  method: 'GET',
  path: '/api/v1/approvals',
  tag: 'approvals',
  summary: 'Approvals. Pending ones come oldest first, all others most recent first.',
  scope: 'read',
  query: pageQuery.extend({
    status: z
      .enum([...approvalStatuses, 'decided'])
      .optional()
      .describe('`decided`: all that do not wait any more'),
    runId: z.string().max(64).optional()
  }),
  output: page(approval)
})

export const getApproval = endpoint({
  id: 'getApproval',
  method: 'GET',
  path: '/api/v1/approvals/:id',
  tag: 'approvals',
  summary: 'One approval',
  scope: 'read',
  params: idParams,
  output: approval,
  errors: ['NOT_FOUND']
})

export const approve = endpoint({
  id: 'approve',
  method: 'POST',
  path: '/api/v1/approvals/:id/approve',
  tag: 'approvals',
  summary:
    'Allow. Scope `run` also allows later requests of the same tool in this run that match `pattern` ' +
    '(`*` stands for anything; without a pattern only the very same request). `input` replaces what the agent asked for; ' +
    'a question is answered by `input.answers {question: label}`. A request of kind `trust` must be answered with the ' +
    '`content` that is trusted, and with nothing else.',
  scope: 'write',
  params: idParams,
  body: z.object({
    scope: z.enum(['once', 'run']).default('once'),
    pattern: z.string().min(1).max(4096).optional(),
    input: z.record(z.string(), z.unknown()).optional(),
    content: z.string().max(64).optional().describe('For kind `trust`: what `input.content` says')
  }),
  output: approval,
  errors: ['NOT_FOUND', 'APPROVAL_DECIDED', 'NOT_SUPPORTED']
})

export const deny = endpoint({
  id: 'deny',
  method: 'POST',
  path: '/api/v1/approvals/:id/deny',
  tag: 'approvals',
  summary: 'Refuse; the agent reads the reason and goes on without',
  scope: 'write',
  params: idParams,
  body: z.object({ reason: z.string().trim().max(10_000).optional() }),
  output: approval,
  errors: ['NOT_FOUND', 'APPROVAL_DECIDED']
})

export const undoApproval = endpoint({
  id: 'undoApproval',
  method: 'POST',
  path: '/api/v1/approvals/:id/undo',
  tag: 'approvals',
  summary:
    'Take a decision back before the agent is told of it, which is up to `undoableUntil`. Decisions of a window are held ' +
    'for 5 s; those of keys and tokens are told at once.',
  scope: 'write',
  params: idParams,
  output: approval,
  errors: ['NOT_FOUND', 'APPROVAL_DECIDED']
})

export const withdrawTrust = endpoint({
  id: 'withdrawTrust',
  method: 'DELETE',
  path: '/api/v1/approvals/:id/trust',
  tag: 'approvals',
  summary: 'Forget what was decided in a request of kind `trust`: the next run asks again. What ran already stays.',
  scope: 'write',
  params: idParams,
  output: approval,
  errors: ['NOT_FOUND']
})
