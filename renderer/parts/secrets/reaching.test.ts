import { expect, test } from 'vitest'
import type { Secret } from '#contract/fleet/secrets'
import { reaching } from './reaching.ts'

const secret = (key: string, agentId: string | null): Secret => ({
  key,
  scope: agentId === null ? 'org' : 'agent',
  agentId,
  createdAt: '',
  updatedAt: '',
  lastUsedAt: null,
  readable: true
})
const shown = (...secrets: Secret[]) =>
  reaching(secrets).map(one => `${one.secret.key} ${one.secret.scope}${one.overruled ? ' overruled' : ''}`)

test('its own secret takes the place of that of the organisation, and stands ahead of it', () => {
  expect(shown(secret('NPM_TOKEN', null), secret('B', null), secret('NPM_TOKEN', 'ada'), secret('A', 'ada'))).toEqual([
    'A agent',
    'B org',
    'NPM_TOKEN agent',
    'NPM_TOKEN org overruled'
  ])
  expect(shown()).toEqual([])
})
