import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('text is quoted, quotes are doubled, numbers stand bare, nothing is empty', () => {
  expect(csvLine([1, -2, 'a,b', 'say "x"', null, undefined, 'two\nlines'])).toBe(
    '1,-2,"a,b","say ""x""",,,"two\nlines"\r\n'
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is not calculated', text => {
  expect(csvLine([text])).toBe(`"'${text}"\r\n`)
})
