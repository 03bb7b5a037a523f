import type { Thing } from './dialect-client.ts'
import { addPerson, type Person } from './people.ts'
import type { App } from './start-app.ts'

interface Answer<Body> {
  status: number
  body: Body
}

export interface List<Item = Thing> {
  data: Item[]
  pagination: { total: number; limit: number; offset: number; hasMore: boolean }
}

/** Settings that lift every limit of the face, so that a test can ask as often as it likes. */
export const unlimited = ['agenfleet', 'agenfleet-auth', 'agenfleet-billing', 'agenfleet-mfa', 'login-address']
  .map(id => `${id}=0`)
  .join()

/** A client of the AgenFleet document that logged in as an admin. */
export interface AgenfleetClient {
  admin: Person
  /** The token of the last login of the admin. */
  token(): string
  call<Body = Thing>(method: string, path: string, body?: unknown, as?: string | null): Promise<Answer<Body>>
  logIn(person: Person): Promise<string>
  /** After the clock moved on: the former token may have expired. */
  again(): Promise<void>
  list(query?: string, path?: string): Promise<List>
  makeAgent(more?: Record<string, unknown>): Promise<Thing>
}

let made = 0

export async function connectAgenfleet(app: App): Promise<AgenfleetClient> {
  const admin = await addPerson(app, 'admin')
  let token = ''

  const call: AgenfleetClient['call'] = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    as: string | null = token
  ) => {
    const answer = await app.request(method, `/agenfleet${path}`, {
      token: as,
      ...(body === undefined ? {} : { body })
    })
    return { status: answer.status, body: answer.body as Body }
  }

  async function logIn({ email, password }: Person): Promise<string> {
    return (await call<{ token: string }>('POST', '/api/auth/login', { email, password }, null)).body.token
  }

  async function again(): Promise<void> {
    token = await logIn(admin)
  }

  await again()
  return {
    admin,
    token: () => token,
    call,
    logIn,
    again,
    list: async (query = '', path = '/api/agents') => (await call<List>('GET', path + query)).body,
    makeAgent: async (more = {}) => (await call('POST', '/api/agents', { name: `Nova ${++made}`, ...more })).body
  }
}
