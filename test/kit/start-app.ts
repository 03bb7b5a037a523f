import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { createClient } from '#contract/client'
import type { Endpoint } from '#contract/endpoint'
import { type ControlPlane, type Overrides, startControlPlane } from '../../server/app.ts'
import { type Config, loadInvocation } from '../../server/config.ts'

interface Answer {
  status: number
  headers: Headers
  text: string
  /** The text as JSON; null when it is none. */
  body: unknown
  /** The error that it carries; throws when it carries none. `field` is the first one that it names. */
  readonly error: { code: string; message: string; details: unknown; field: string | null }
}

const errorAnswer = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() })
})
const fieldErrors = z.array(z.object({ path: z.string() })).min(1)

function errorOf(body: unknown): Answer['error'] {
  const { code, message, details } = errorAnswer.parse(body).error
  return { code, message, details, field: fieldErrors.safeParse(details).data?.[0]?.path ?? null }
}

interface CallParts {
  params?: Record<string, string | number>
  query?: Record<string, string | number>
  body?: unknown
}

/** A whole control plane on a temporary folder and a free port, spoken to by HTTP only. */
export interface App {
  url: string
  dataDir: string
  ownerToken: string
  loginLink(): string
  /** A raw request; `token: null` sends no credential. */
  request(
    method: string,
    path: string,
    options?: { body?: unknown; token?: string | null; headers?: Record<string, string> }
  ): Promise<Answer>
  /** A request by contract: throws unless it succeeds and the answer is what the endpoint promises. */
  call<E extends Endpoint>(endpoint: E, parts?: CallParts, token?: string): Promise<z.output<E['output']>>
  /** Ends the control plane and starts a new one on the same folder. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface AppOptions extends Overrides {
  /** Starts the built-in runner as its own process. */
  runner?: boolean
  /** Folders that the built-in runner may work in. */
  allowedDirs?: string[]
  args?: string[]
  env?: Record<string, string>
  dataDir?: string
  /** Over all else; read again at every restart. */
  config?: Partial<Config>
}

export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-test-')))
}

/** Whatever engine the machine has is none of a test's business, unless it says so. */
export function noEngine(dataDir: string): { DOCKER_HOST: string } {
  return { DOCKER_HOST: `unix://${join(dataDir, 'no-engine.sock')}` }
}

export function testConfig(dataDir: string, options: AppOptions = {}): Config {
  const args = [
    '--port',
    '0',
    '--data-dir',
    dataDir,
    ...(options.runner ? [] : ['--no-runner']),
    ...(options.args ?? [])
  ]
  if (options.allowedDirs) args.push('--allowed-dirs', options.allowedDirs.join(','))
  const invocation = loadInvocation(args, { ...noEngine(dataDir), ...options.env })
  if (invocation.command === 'help') throw new Error('tests do not ask for help')
  return { ...invocation.config, ...options.config }
}

/** Speaks HTTP to a control plane that may change its place. */
export function speakTo(plane: () => { url: string; ownerToken: string }): Pick<App, 'request' | 'call'> {
  async function request(
    method: string,
    path: string,
    { body: sent, token = plane().ownerToken, headers = {} }: Parameters<App['request']>[2] = {}
  ): Promise<Answer> {
    const answer = await fetch(plane().url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers
      },
      ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : JSON.stringify(sent) })
    })
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.startsWith('application/json')
    const body: unknown = json ? JSON.parse(text) : null
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body,
      get error() {
        return errorOf(body)
      }
    }
  }

  async function call<E extends Endpoint>(
    endpoint: E,
    parts: CallParts = {},
    token?: string
  ): Promise<z.output<E['output']>> {
    const client = createClient({
      async transport({ method, address, body }) {
        const { status, body: json } = await request(method, address, {
          body,
          ...(token === undefined ? {} : { token })
        })
        return { status, json }
      },
      refusal: ({ status, json }, { method, address }) =>
        new Error(`${method} ${address} answered ${status}: ${JSON.stringify(json)}`)
    })
    // Tests ask for what the types forbid as well.
    return (await client(endpoint as Endpoint, parts as never)) as z.output<E['output']>
  }

  return { request, call }
}

export async function startApp(options: AppOptions = {}): Promise<App> {
  const dataDir = options.dataDir ?? temporaryFolder()
  let plane: ControlPlane = await startControlPlane(testConfig(dataDir, options), options)
  return {
    ...speakTo(() => plane),
    get url() {
      return plane.url
    },
    get ownerToken() {
      return plane.ownerToken
    },
    dataDir,
    loginLink: () => plane.loginLink(),
    async restart() {
      await plane.close({ stopAgents: false })
      plane = await startControlPlane(testConfig(dataDir, options), options)
    },
    async close() {
      await plane.close({ stopAgents: options.runner ?? false })
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    }
  }
}
