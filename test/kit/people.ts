import { login } from '#contract/people/login'
import { createUser, type Role, type User } from '#contract/people/users'
import type { App } from './start-app.ts'

export interface Person extends User {
  password: string
}

let people = 0

/** Adds a person who can log in. */
export async function addPerson(app: App, role: Role, more: Record<string, unknown> = {}): Promise<Person> {
  const password = `password of ${++people}`
  const email = `${role}${people}@example.com`
  return { ...(await app.call(createUser, { body: { email, role, password, ...more } })), password }
}

/** A token of a person without two-step login, as the login gives it. */
export async function tokenOf(app: App, { email, password }: Person): Promise<string> {
  const answer = await app.call(login, { body: { email, password, as: 'token' } })
  if (answer.mfaRequired || answer.token === null) throw new Error(`${email} got no token`)
  return answer.token
}

/** Adds a person and logs them in. */
export async function join(app: App, role: Role): Promise<Person & { token: string }> {
  const person = await addPerson(app, role)
  return { ...person, token: await tokenOf(app, person) }
}
