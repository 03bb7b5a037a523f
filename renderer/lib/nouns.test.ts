import { QueryClient } from '@tanstack/react-query'
import { beforeEach, expect, test } from 'vitest'
import { applyChange, askedAgain, cached } from './nouns.ts'

interface Thing {
  id: string
  name: string
}

let queries: QueryClient
const apply = cached<Thing>({ one: id => ['thing', id], lists: ['things'] })
const thing = (id: string, name = id): Thing => ({ id, name })
const list = (key: string) => queries.getQueryData<{ data: Thing[]; more: number }>(['things', key])

beforeEach(() => {
  queries = new QueryClient()
  queries.setQueryData(['things', 'all'], { data: [thing('a'), thing('b')], more: 1 })
  queries.setQueryData(['things', 'some'], { data: [thing('b')], more: 2 })
  queries.setQueryData(['thing', 'a'], thing('a'))
})

test('a thing that changed is put where it stands, and what lies beside it stays', () => {
  apply(queries, { id: 'a', op: 'changed', data: thing('a', 'new') })
  expect(list('all')).toEqual({ data: [thing('a', 'new'), thing('b')], more: 1 })
  expect(list('some')).toEqual({ data: [thing('b')], more: 2 })
  expect(queries.getQueryData(['thing', 'a'])).toEqual(thing('a', 'new'))
})

test('a list that does not hold it is asked for again', () => {
  apply(queries, { id: 'c', op: 'created', data: thing('c') })
  expect(queries.getQueryState(['things', 'all'])?.isInvalidated).toBe(true)
  expect(list('all')?.data).toHaveLength(2)
})

test('a thing that is gone leaves every list', () => {
  apply(queries, { id: 'b', op: 'deleted', data: null })
  expect([list('all')?.data, list('some')?.data]).toEqual([[thing('a')], []])
  apply(queries, { id: 'a', op: 'deleted', data: null })
  expect(queries.getQueryData(['thing', 'a'])).toBeUndefined()
})

test('a noun that no screen shows changes nothing; one that brings only an id is asked for again', () => {
  const change = { seq: 1, ts: '2026-01-01T00:00:00Z', op: 'changed', id: 'a', noun: 'secret', data: null } as const
  applyChange({}, queries, change)
  expect(queries.getQueryState(['thing', 'a'])?.isInvalidated).toBe(false)
  applyChange({ secret: askedAgain(id => ['thing', id]) }, queries, change)
  expect(queries.getQueryState(['thing', 'a'])?.isInvalidated).toBe(true)
})
