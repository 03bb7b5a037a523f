import { describe, expect, test } from 'vitest'
import { createRedactor } from './redact.ts'

const env = {
  ANTHROPIC_API_KEY: 'sk-ant-0123456789',
  DEPLOY_TOKEN: 'line one\n"line" two',
  DB_PASSWORD: 'sk-ant-0123456789-longer',
  SHORT_SECRET: 'abc',
  HOME: '/home/somebody'
}

describe('redact', () => {
  const redactor = createRedactor(env)

  test('puts the name in the place of the value, wherever it stands', () => {
    expect(redactor.text('x sk-ant-0123456789 y sk-ant-0123456789')).toBe(
      'x [redacted ANTHROPIC_API_KEY] y [redacted ANTHROPIC_API_KEY]'
    )
  })

  test('finds a value in the form it has inside of JSON', () => {
    expect(redactor.text(JSON.stringify({ token: env.DEPLOY_TOKEN }))).toBe('{"token":"[redacted DEPLOY_TOKEN]"}')
  })

  test('hides the longer of two values that begin alike', () => {
    expect(redactor.text(env.DB_PASSWORD)).toBe('[redacted DB_PASSWORD]')
  })

  test('leaves short values and variables of other names alone', () => {
    expect(redactor.text('abc /home/somebody')).toBe('abc /home/somebody')
  })

  test('holds back the end of a piece that may be the beginning of a secret', () => {
    expect(redactor.undecided('the key is sk-ant-01')).toBe('sk-ant-01'.length)
    expect(redactor.undecided('the key is not here')).toBe(0)
    expect(createRedactor({}).undecided('sk-ant')).toBe(0)
  })
})
