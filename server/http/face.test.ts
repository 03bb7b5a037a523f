import { expect, test } from 'vitest'
import { AppError, FieldError, fieldError, Missing } from '#contract/errors'
import { toldBy } from './face.ts'

const face = {
  statuses: { LIMIT_REACHED: 403 },
  words: { fields: { managerId: 'manager' }, missing: { agent: 'No such bot' } }
} as const

test('fields and things that are missing are told in the words of the face, the rest in ours', () => {
  const said = (error: AppError) => toldBy(face, error).message
  expect(said(fieldError('CIRCLE', 'managerId', 'managerId would report to itself'))).toBe(
    'manager: managerId would report to itself'
  )
  const both = [
    { path: 'name', text: 'is missing' },
    { path: 'managerId', text: 'is unknown' }
  ]
  expect(said(new FieldError('INVALID_REQUEST', both))).toBe('name: is missing; manager: is unknown')
  expect(said(new Missing('agent', 'nova'))).toBe('No such bot')
  expect(said(new Missing('task', '7'))).toBe('There is no task 7')
  expect(said(new AppError('NOT_FOUND', 'There is no agent that could answer'))).toBe(
    'There is no agent that could answer'
  )
})

test('without words or statuses of its own a face tells the error as it is', () => {
  const error = fieldError('NAME_TAKEN', 'name', 'another agent is called Nova', 'is taken')
  expect(toldBy({}, error)).toEqual({
    code: 'NAME_TAKEN',
    status: 409,
    message: 'name: another agent is called Nova',
    details: [{ path: 'name', message: 'is taken' }]
  })
  expect(toldBy(face, new AppError('LIMIT_REACHED', 'Too many')).status).toBe(403)
})
