import { expect, test } from 'vitest'
import { toAppError } from './errors.ts'

test.each([
  new Error('no such table: secrets'),
  Object.assign(new Error('disk /home/me'), { code: 'EIO', status: 500 }),
  'text that was thrown',
  null
])('a fault of ours says nothing of its cause: %s', thrown => {
  const { code, message, details } = toAppError(thrown)
  expect({ code, message, details }).toEqual({
    code: 'INTERNAL',
    message: 'Something went wrong on our side',
    details: undefined
  })
})
