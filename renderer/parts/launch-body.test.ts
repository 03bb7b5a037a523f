import { describe, expect, test } from 'vitest'
import type { RuntimeReport } from '#contract/runners/runners'
import { bodyOf, defaultRuntime, type LaunchDraft } from './launch-body.ts'

const kinds: Record<string, RuntimeReport['kind']> = { practice: 'practice', command: 'program' }
const report = (id: string, state: RuntimeReport['state'] = 'ready') =>
  ({ id, kind: kinds[id] ?? 'agent', state, capabilities: { permissionModes: ['default', 'plan'] } }) as RuntimeReport

const draft: LaunchDraft = {
  prompt: 'list',
  where: 'private',
  cwd: '',
  runtime: null,
  model: '',
  permissionMode: 'default',
  timeoutMinutes: '',
  program: '',
  args: '',
  beside: null,
  promptBy: 'stdin',
  output: 'lines'
}

describe('the runtime chosen when nobody chose', () => {
  test('is what was used last, if it is ready', () => {
    expect(defaultRuntime([report('claude-code'), report('practice')], 'practice')?.id).toBe('practice')
    expect(defaultRuntime([report('claude-code', 'missing'), report('practice')], 'claude-code')?.id).toBe('practice')
  })

  test('is an agent that is ready before the practice agent, and never a bare command', () => {
    expect(defaultRuntime([report('practice'), report('command'), report('claude-code')], null)?.id).toBe('claude-code')
    expect(
      defaultRuntime([report('claude-code', 'not_signed_in'), report('command'), report('practice')], null)?.id
    ).toBe('practice')
  })

  test('is none when none is ready', () => expect(defaultRuntime([report('x', 'broken')], null)).toBeUndefined())
})

describe('the body of a launch', () => {
  test('leaves out what was not filled in', () => {
    expect(bodyOf(draft, report('practice'))).toEqual({
      body: {
        prompt: 'list',
        cwd: undefined,
        runtime: 'practice',
        model: undefined,
        permissionMode: 'default',
        timeoutSeconds: undefined,
        command: undefined
      }
    })
  })

  test('turns minutes into seconds and lines into arguments', () => {
    const made = bodyOf(
      { ...draft, where: 'folder', cwd: ' /w ', timeoutMinutes: '1.5', program: 'sh', args: '-c\necho "a b"' },
      report('command')
    )
    expect(made).toMatchObject({
      body: { cwd: '/w', timeoutSeconds: 90, command: { program: 'sh', args: ['-c', 'echo "a b"'], prompt: 'stdin' } }
    })
  })

  test('a mode the runtime does not know gives way to one it does', () => {
    expect(bodyOf({ ...draft, permissionMode: 'acceptEdits' }, report('x'))).toMatchObject({
      body: { permissionMode: 'default' }
    })
  })

  test.each([
    [{ prompt: ' ' }, 'prompt'],
    [{ where: 'folder' as const }, 'cwd'],
    [{ timeoutMinutes: 'soon' }, 'timeoutSeconds'],
    [{ timeoutMinutes: '0' }, 'timeoutSeconds']
  ])('%j is a fault of %s', (change, field) => {
    expect(bodyOf({ ...draft, ...change }, report('practice'))).toMatchObject({
      errors: { [field]: expect.any(String) }
    })
  })

  test('a command needs a program', () => {
    expect(bodyOf(draft, report('command'))).toMatchObject({ errors: { 'command.program': expect.any(String) } })
  })
})
