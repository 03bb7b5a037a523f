import { describe, expect, test } from 'vitest'
import { type Command, parseCommands } from './language.ts'

function commands(text: string): Command[] {
  const parsed = parseCommands(text)
  if (!parsed.ok) throw new Error(`not understood: ${parsed.line}`)
  return parsed.commands
}

describe('the language of the practice agent', () => {
  test.each<[string, Command]>([
    ['list', { verb: 'list', path: null }],
    ['List src/app', { verb: 'list', path: 'src/app' }],
    ['read README.md', { verb: 'read', path: 'README.md' }],
    ['read "my notes.txt"', { verb: 'read', path: 'my notes.txt' }],
    ['read `README.md`.', { verb: 'read', path: 'README.md' }],
    ['find TODO', { verb: 'find', text: 'TODO', path: null }],
    ['find "two words" in src', { verb: 'find', text: 'two words', path: 'src' }],
    ['find two words in src', { verb: 'find', text: 'two words', path: 'src' }],
    ['replace "a b" with "" in x.txt', { verb: 'replace', find: 'a b', replacement: '', path: 'x.txt' }],
    ['replace "a" with "b" in it', { verb: 'replace', find: 'a', replacement: 'b', path: 'it' }],
    ['write hello.txt: Hello: world.', { verb: 'write', path: 'hello.txt', text: 'Hello: world.' }],
    ['write hello.txt:', { verb: 'write', path: 'hello.txt', text: '' }],
    ['run npm test && echo ok', { verb: 'run', command: 'npm test && echo ok' }],
    ['wait 3', { verb: 'wait', seconds: 3 }],
    ['wait 3 seconds', { verb: 'wait', seconds: 3 }],
    ['help', { verb: 'help' }]
  ])('%s', (text, command) => {
    expect(commands(text)).toEqual([command])
  })

  test('several come on lines of their own or joined by "then"', () => {
    expect(commands('list\nread a.txt then run ls, and then wait 1').map(({ verb }) => verb)).toEqual([
      'list',
      'read',
      'run',
      'wait'
    ])
  })

  test('"then" inside of a text is only a word', () => {
    expect(commands('write a.txt: first this then that')).toEqual([
      { verb: 'write', path: 'a.txt', text: 'first this then that' }
    ])
    expect(commands('run echo then')).toEqual([{ verb: 'run', command: 'echo then' }])
  })

  test('lines after a write belong to its text until the next command', () => {
    expect(commands('write a.md: # Title\n\n- point\nread a.md')).toEqual([
      { verb: 'write', path: 'a.md', text: '# Title\n\n- point' },
      { verb: 'read', path: 'a.md' }
    ])
  })

  test.each(['please refactor my app', 'hello', ''])('%j is not understood', text => {
    expect(parseCommands(text)).toMatchObject({ ok: false, hint: null })
  })

  test('a command that is nearly right gets the right form', () => {
    expect(parseCommands('replace a with b in c')).toMatchObject({ ok: false, hint: expect.stringContaining('<old>') })
    expect(parseCommands('wait long')).toMatchObject({ hint: expect.stringContaining('<seconds>') })
  })
})
