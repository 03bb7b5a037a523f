import { expect, test } from 'vitest'
import type { Agent } from '#contract/fleet/agents'
import { differing } from '../../../lib/kept-draft.ts'
import { draftOf, freshDraft, settingsOf } from './settings-draft.ts'

const agent = {
  name: 'api-kestrel',
  slug: 'api-kestrel',
  glyph: null,
  description: '',
  team: 'Payments',
  managerId: null,
  tags: ['api', 'refunds'],
  capabilities: [],
  runtime: null,
  provider: null,
  model: null,
  fallbackModels: [],
  cwd: '/code/api',
  permissionMode: 'acceptEdits',
  allowedTools: ['Read'],
  role: '',
  instructions: '',
  mcpIds: null,
  limits: { dailyTokenBudget: 200_000, monthlyTokenBudget: null, alertThreshold: 0.8 }
} as unknown as Agent

function valuesOf(change: Partial<typeof freshDraft>) {
  const checked = settingsOf({ ...draftOf(agent), ...change })
  if ('errors' in checked) throw new Error(JSON.stringify(checked.errors))
  return checked.values
}

test('an agent that nobody touched has no changes', () => {
  expect(differing(agent, valuesOf({}))).toEqual({})
})

test('only what was changed is told', () => {
  const values = valuesOf({ tags: 'api\n\n  billing ', where: 'private', dailyTokens: '300,000' })
  expect(differing(agent, values)).toEqual({
    tags: ['api', 'billing'],
    cwd: null,
    limits: { dailyTokenBudget: 300_000, monthlyTokenBudget: null, alertThreshold: 0.8 }
  })
})

test('a name is all that a new agent needs', () => {
  expect(settingsOf(freshDraft)).toEqual({ errors: { name: 'Give it a name' } })
  expect(settingsOf({ ...freshDraft, name: ' heron ' })).toMatchObject({ values: { name: 'heron', cwd: null } })
})

test.each([
  [{ dailyTokens: 'many' }, 'limits.dailyTokenBudget'],
  [{ monthlyTokens: '0' }, 'limits.monthlyTokenBudget'],
  [{ warnPercent: '120' }, 'limits.alertThreshold'],
  [{ warnPercent: '' }, 'limits.alertThreshold'],
  [{ where: 'folder' as const, cwd: ' ' }, 'cwd']
])('%o is a fault of %s', (change, field) => {
  expect(settingsOf({ ...freshDraft, name: 'heron', ...change })).toHaveProperty(['errors', field])
})
