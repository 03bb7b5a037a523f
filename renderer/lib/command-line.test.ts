import { expect, test } from 'vitest'
import { readCommandLine, writeCommandLine } from './command-line.ts'

test.each<[string, string[]]>([
  ['npx -y issue-mcp', ['npx', '-y', 'issue-mcp']],
  ['  a\tb  ', ['a', 'b']],
  ['"/a b/c" --name=\'x "y"\' ""', ['/a b/c', '--name=x "y"', '']],
  ['C:\\Tools\\mcp.exe /v', ['C:\\Tools\\mcp.exe', '/v']],
  ['', []]
])('%s', (text, words) => {
  expect(readCommandLine(text)).toEqual(words)
})

test('an open quote is told, not guessed', () => {
  expect(readCommandLine('npx "a b')).toBeNull()
})

test.each([[['a b', "it's", 'say "it\'s"', '', '"', 'plain']]])('what is written is read the same: %j', words => {
  expect(readCommandLine(writeCommandLine(words))).toEqual(words)
})
