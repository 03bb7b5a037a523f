import { expect, test } from 'vitest'
import { pageOfLink } from './deep-link.ts'

const id = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000'

test('a link leads to a run or an approval', () => {
  expect(pageOfLink(`flotilla://run/${id}`)).toBe(`/runs/${id}`)
  expect(pageOfLink(`flotilla://approval/${id.toUpperCase()}`)).toBe(`/approvals/${id}`)
  expect(pageOfLink(`flotilla://flow/${id}`)).toBe(`/flows/${id}`)
})

test.each([
  `flotilla://run/${id}/cancel`,
  `flotilla://run/${id}?now=true`,
  `flotilla://run/${id}#x`,
  `flotilla://user@run/${id}`,
  `flotilla://run:80/${id}`,
  `flotilla://runs/${id}`,
  `flotilla://constructor/${id}`,
  'flotilla://run/',
  'flotilla://run',
  `flotilla:run/${id}`,
  `flotilla:///run/${id}`,
  `https://run/${id}`,
  `flotilla://run/${id}${' '.repeat(300)}`,
  'not a link'
])('%s leads nowhere', link => {
  expect(pageOfLink(link)).toBeNull()
})
