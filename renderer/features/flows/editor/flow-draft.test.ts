import { expect, test } from 'vitest'
import { createFlow, type Flow } from '#contract/work/flows'
import { draftOf, errorAt, type FlowDraft, flowOf, freshDraft, type TriggerDraft } from './flow-draft.ts'

const flow = {
  title: 'Morning triage',
  description: '',
  prompt: 'read {{where}}',
  variables: { where: 'issues' },
  icon: null,
  agentId: 'nova',
  model: null,
  mcpIds: ['tracker'],
  triggers: [
    { id: 'a', type: 'schedule', cron: '30 7 * * 1-5', timezone: 'Europe/Paris', words: 'x', nextAt: null },
    { id: 'b', type: 'webhook', path: '/w', signed: true },
    { id: 'c', type: 'flow', flowId: 'other', on: 'failure' },
    {
      id: 'd',
      type: 'change',
      watched: { type: 'ref', ref: 'main' },
      folder: null,
      everySeconds: 90,
      lookedAt: null,
      problem: null
    }
  ],
  mode: 'always_ask',
  catchUp: 'all',
  catchUpMax: 3,
  overlap: 'parallel',
  maxParallel: 4,
  retries: 2,
  retryDelaySeconds: 45,
  timeoutSeconds: null,
  approvalMinutes: 90,
  pauseAfterFailures: null,
  estimatedHumanMinutes: 15,
  preCheck: { type: 'command', program: 'git', args: ['diff', '--quiet', 'a b'], folder: '/code', ifUnknown: 'skip' }
} as unknown as Flow

const valuesOf = (draft: FlowDraft) => {
  const made = flowOf(draft)
  if ('errors' in made) throw new Error(JSON.stringify(made.errors))
  return made.values
}

test('a flow that nobody touched is told as it is, in the units of the API', () => {
  const values = valuesOf(draftOf(flow))
  const { triggers, ...rest } = values
  expect(flow).toMatchObject(rest)
  expect(triggers).toEqual([
    { id: 'a', type: 'schedule', cron: '30 7 * * 1-5', timezone: 'Europe/Paris' },
    { id: 'b', type: 'webhook' },
    { id: 'c', type: 'flow', flowId: 'other', on: 'failure' },
    { id: 'd', type: 'change', watched: { type: 'ref', ref: 'main' }, folder: null, everySeconds: 90 }
  ])
  expect(createFlow.body.safeParse(values).error).toBeUndefined()
})

test('a title, a prompt and an agent are all that a new one needs', () => {
  expect(flowOf(freshDraft)).toEqual({
    errors: { title: 'Give it a title', prompt: 'Say what the agent should do', agentId: 'Choose who does it' }
  })
  const values = valuesOf({ ...freshDraft, title: ' Sweep ', prompt: 'sweep', agentId: 'nova' })
  expect(createFlow.body.parse(values)).toMatchObject({ title: 'Sweep', triggers: [], mode: 'auto', preCheck: null })
})

const keyed = { key: 'k', id: null }
test.each<[Partial<FlowDraft>, string]>([
  [{ retries: 'some' }, 'retries'],
  [{ retries: '6' }, 'retries'],
  [{ approvalHours: '' }, 'approvalMinutes'],
  [{ timeoutMinutes: '0' }, 'timeoutSeconds'],
  [{ check: 'command', checkCommand: 'say "x' }, 'preCheck'],
  [{ check: 'file' }, 'preCheck'],
  [{ triggers: [{ ...keyed, type: 'schedule', cron: ' ', timezone: '' }] }, 'triggers.0.cron'],
  [{ triggers: [{ ...keyed, type: 'flow', flowId: '', on: 'end' }] }, 'triggers.0.flowId'],
  [
    { triggers: [{ ...keyed, type: 'change', what: 'file', name: 'a', folder: '', everyMinutes: '0.5' }] },
    'triggers.0.everySeconds'
  ]
] satisfies [Partial<FlowDraft> & { triggers?: TriggerDraft[] }, string][])('%o is a fault of %s', (change, path) => {
  expect(flowOf({ ...draftOf(flow), ...change })).toHaveProperty(['errors', path])
})

test('a fault inside of a field stands with the field', () => {
  expect(errorAt({ 'triggers.0.watched.path': 'too long' }, 'triggers.0.watched')).toBe('too long')
  expect(errorAt({ title: 'x' }, 'triggers.0.watched')).toBeUndefined()
})
