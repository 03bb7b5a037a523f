import { expect, test } from 'vitest'
import pinned from '../test/kit/clis.json' with { type: 'json' }
import { raised } from './raise-clis.ts'

const cli = { title: 'A CLI', package: 'a-cli', oldest: '1.0.0', newest: '1.2.0' }

test('the newest becomes what npm has, and the oldest stays', () => {
  expect(raised({ a: cli }, () => '1.10.3\n')).toEqual({ a: { ...cli, newest: '1.10.3' } })
})

test.each(['', 'npm error', '2.x', '2.1.0-beta.1'])('npm that says "%s" changes nothing', answer => {
  expect(() => raised({ a: cli }, () => answer)).toThrow('a-cli')
})

test('each CLI is pinned twice, so that what a version changed is noticed', () => {
  for (const { oldest, newest } of Object.values(pinned)) expect(oldest).not.toBe(newest)
})
