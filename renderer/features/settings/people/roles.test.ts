import { expect, test } from 'vitest'
import type { Role, User } from '#contract/people/users'
import { givenBy, whyFixed, whyKept } from './roles.ts'

function person(id: string, role: Role): User {
  return {
    id,
    email: `${id}@example.com`,
    name: id,
    role,
    hasPassword: true,
    mfaEnabled: false,
    lastLoginAt: null,
    createdAt: '2026-01-01T00:00:00.000Z'
  }
}

const ada = person('ada', 'owner')
const bo = person('bo', 'owner')
const noor = person('noor', 'admin')
const sam = person('sam', 'member')

test('the only owner stays, whoever looks', () => {
  expect(whyFixed(ada, ada, [ada, noor])).toMatch(/only owner/)
  expect(whyKept(ada, noor, [ada, noor])).toMatch(/only owner/)
})

test('of two owners each may change the other, but nobody changes or removes themselves', () => {
  expect(whyFixed(bo, ada, [ada, bo])).toBeNull()
  expect(whyFixed(ada, ada, [ada, bo])).toMatch(/Your own role/)
  expect(whyKept(ada, ada, [ada, bo])).toMatch(/yourself/)
})

test('an admin changes those below and nobody above, and makes no owners', () => {
  expect(whyFixed(bo, noor, [ada, bo, noor])).toMatch(/Only an owner/)
  expect(whyFixed(sam, noor, [ada, noor, sam])).toBeNull()
  expect(givenBy(noor)).toEqual(['viewer', 'member', 'admin'])
  expect(givenBy(ada)).toEqual(['viewer', 'member', 'admin', 'owner'])
})
