import { expect, test } from 'vitest'
import { apiQueryOf, dayFrom, parsedQuery } from './audit-query.ts'

test('fields and words are told apart, whatever their order', () => {
  expect(parsedQuery('actor:you REGISTRY_TOKEN action:approval.* "npm publish"')).toEqual({
    asked: { actor: 'you', action: 'approval.*', search: 'REGISTRY_TOKEN npm publish' },
    fault: null
  })
  expect(parsedQuery('actor:"CI on build-box"').asked).toEqual({ actor: 'CI on build-box' })
  expect(parsedQuery('  ')).toEqual({ asked: {}, fault: null })
})

test('what cannot be meant says what could be', () => {
  expect(parsedQuery('colour:red').fault).toContain('There is no field “colour”')
  expect(parsedQuery('outcome:maybe').fault).toBe('“outcome” is one of ok, refused')
  expect(parsedQuery('after:2026-02-30').fault).toContain('takes a day')
  expect(parsedQuery('actor:""').fault).toContain('lacks what comes after it')
})

test('the API is asked for days as moments, and for a noun where a star stands', () => {
  const query = apiQueryOf({ actor: 'you', action: 'approval.*', after: '2026-11-29', before: '2026-11-30' }, 'Ada')
  expect(query).toEqual({
    actor: 'Ada',
    type: 'approval',
    from: new Date(2026, 10, 29).toISOString(),
    to: new Date(new Date(2026, 10, 30).getTime() - 1).toISOString()
  })
})

test('days are counted where the reader is, through months and changes of the clock', () => {
  const noon = new Date(2026, 2, 1, 12).getTime()
  expect(dayFrom(noon, -1)).toBe('2026-02-28')
  expect(dayFrom(new Date(2026, 9, 26, 0, 30).getTime(), -1)).toBe('2026-10-25')
})
