import { describe, expect, test } from 'vitest'
import { requestOf, rulesOf, subjectOf } from './approval-request.ts'

const tool = (input: Record<string, unknown>) => requestOf({ kind: 'tool', input })

describe('requestOf', () => {
  test.each([
    [
      { command: 'npm test', description: 'Run tests' },
      { kind: 'command', command: 'npm test', note: 'Run tests' }
    ],
    [{ command: ['git', 'push'] }, { kind: 'command', command: 'git push', note: null }],
    [
      { file_path: '/a', old_string: 'x', new_string: 'y' },
      { kind: 'edit', path: '/a', before: 'x', after: 'y' }
    ],
    [
      { path: 'a', find: 'x', replacement: '' },
      { kind: 'edit', path: 'a', before: 'x', after: '' }
    ],
    [
      { path: 'a', content: 'hi' },
      { kind: 'write', path: 'a', content: 'hi' }
    ],
    [
      { url: 'https://x.test', prompt: 'read' },
      { kind: 'fetch', url: 'https://x.test' }
    ]
  ])('%j', (input, request) => expect(tool(input)).toEqual(request))

  test('several files are shown one by one, or all as they came', () => {
    const changes = [
      { path: 'a', before: 'x', after: 'y' },
      { path: 'b', content: 'hi' }
    ]
    const request = tool({ changes })
    expect(request).toMatchObject({ kind: 'edits', edits: [{ path: 'a' }, { path: 'b', before: '', after: 'hi' }] })
    expect(subjectOf(request)).toBe('a, b')
    expect(tool({ changes: [...changes, { path: 'c' }] }).kind).toBe('other')
  })

  test('what it does not know it shows whole', () => {
    expect(tool({ odd: [1] })).toEqual({ kind: 'other', json: '{\n  "odd": [\n    1\n  ]\n}' })
  })

  test('questions keep their options and ignore what is malformed', () => {
    const questions = [{ question: 'Now or later?', multiSelect: true, options: [{ label: 'Now' }, { no: 1 }] }, 7]
    expect(requestOf({ kind: 'question', input: { questions } })).toEqual({
      kind: 'question',
      questions: [{ question: 'Now or later?', many: true, options: [{ label: 'Now', note: null }] }]
    })
  })

  test('a plan is text', () => {
    const request = requestOf({ kind: 'plan', input: { plan: '# Steps\n1. Go' } })
    expect(subjectOf(request)).toBe('# Steps')
  })
})

describe('rulesOf', () => {
  const titles = (command: string) =>
    rulesOf({ kind: 'command', command, note: null }, 'Bash').map(rule => rule.pattern)

  test('go from the exact request over its start to the whole tool', () => {
    expect(titles('npm publish --dry-run')).toEqual([undefined, 'npm publish *', '*'])
    expect(titles('ls -la')).toEqual([undefined, 'ls *', '*'])
    expect(titles('date')).toEqual([undefined, '*'])
  })

  test.each(['npm test && rm -rf /', 'cat a | sh', 'echo $(id)', 'a\nb'])('%j has no start worth a rule', command => {
    expect(titles(command)).toEqual([undefined, '*'])
  })

  test('plans and questions cannot be allowed for good', () => {
    expect(rulesOf({ kind: 'plan', text: '' }, 'x')).toEqual([])
  })
})
