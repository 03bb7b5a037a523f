import { expect, test } from 'vitest'
import { bodyOf, draftOf, fromSecret, secretOf } from './mcp-draft.ts'

const draft = { ...draftOf(undefined), name: 'issues', commandLine: 'npx -y "issue mcp"' }

test('a command becomes a program and its arguments, and what the other transport had is taken back', () => {
  expect(bodyOf(draft)).toEqual({
    name: 'issues',
    transport: 'stdio',
    command: 'npx',
    args: ['-y', 'issue mcp'],
    url: null,
    headers: {}
  })
  expect(bodyOf({ ...draft, transport: 'http', url: ' https://a.example ' })).toMatchObject({
    url: 'https://a.example',
    command: null,
    args: [],
    env: {}
  })
})

test('variables that were not touched are not sent; set anew they are all', () => {
  const variables = [
    { name: 'TOKEN', value: fromSecret('ISSUES_KEY') },
    { name: '', value: 'left over' }
  ]
  expect(bodyOf(draft)).not.toHaveProperty('env')
  expect(bodyOf({ ...draft, variables })).toMatchObject({ env: { TOKEN: '{{secret:ISSUES_KEY}}' } })
})

test('a value that is one reference comes from a secret', () => {
  expect(secretOf('{{secret:ISSUES_KEY}}')).toBe('ISSUES_KEY')
  expect(secretOf('Bearer {{secret:ISSUES_KEY}}')).toBeNull()
})
