import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createFlow } from '#contract/work/flows'
import { connectDialect } from '../kit/dialect-client.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const root = join(import.meta.dirname, '../..')
const bin = (name: string) => join(root, 'node_modules', name)

/** What somebody writes who has no more than what the generator made of a document: `client` is that. */
const programs = {
  fleece: `
import { ok } from '@oazapfts/runtime'
import * as client from './fleece.ts'

export async function use(token: string): Promise<string[]> {
  client.defaults.headers = { Authorization: \`Bearer \${token}\` }
  const [agent] = (await ok(client.listAgents())).data
  if (!agent) throw new Error('there is no agent')
  const execution = await ok(client.executeAgent(agent.id, { task: 'summarize', timezone: 'Europe/Paris' }))
  const [flow] = (await ok(client.listFlows({ limit: 10 }))).data
  if (!flow) throw new Error('there is no flow')
  const run = await ok(client.triggerFlow(flow.id, { idempotencyKey: 'once' }))
  const running = await client.triggerFlow(flow.id)
  const conflict = running.status === 409 ? running.data.error : 'none'
  const { data: runs } = await ok(client.listFlowRuns(flow.id, { limit: 50 }))
  const made = await ok(client.createApiKey({ name: 'generated' }))
  const keys = (await ok(client.listApiKeys())).filter(({ keyPrefix }) => made.key.startsWith(keyPrefix))
  const { success } = await ok(client.deleteApiKey(made.id))
  return [execution.status, execution.result ?? '', run.status, conflict, \`\${runs.length} \${keys.length} \${success}\`]
}
`,
  agentfleet: `
import { ok } from '@oazapfts/runtime'
import * as client from './agentfleet.ts'

export async function use(token: string, ended: Promise<void>): Promise<string[]> {
  client.defaults.headers = { Authorization: \`Bearer \${token}\` }
  const [runner] = (await ok(client.listRunners())).data
  if (!runner) throw new Error('there is no runner')
  const body = { prompt: 'add a route', cwd: '/work-here/api', permissionMode: 'acceptEdits' as const, runnerId: runner.id }
  const run = await ok(client.launchRun(body))
  const { sessions } = await ok(client.getRunner(runner.id))
  await ended
  const told = await ok(client.getRun(run.id))
  const { data: events } = await ok(client.listRunEvents(run.id, { after: 1 }))
  const next = await client.followUpRun(run.id, { prompt: 'now add a test for it' })
  const refused = next.status === 409 ? next.data.error.code : 'none'
  return [\`\${sessions.some(({ id }) => id === run.id)}\`, told.status, told.logs[0]?.message ?? '', events.at(-1)?.kind ?? '', refused]
}
`
}

let app: App
let runner: RunnerClient
let folder: string

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 10 })
  mkdirSync(join(root, '.cache'), { recursive: true })
  // Where what it imports is found.
  folder = mkdtempSync(join(root, '.cache/generated-clients-'))
  const run = (program: string, ...args: string[]) => promisify(execFile)(process.execPath, [bin(program), ...args])
  const generated = Object.entries(programs).map(async ([face, program]) => {
    const document = await app.request('GET', `/${face}/openapi.json`, { token: null })
    writeFileSync(join(folder, `${face}.json`), document.text)
    writeFileSync(join(folder, `use-${face}.ts`), program)
    await run('oazapfts/dist/cli.js', join(folder, `${face}.json`), join(folder, `${face}.ts`))
  })
  await Promise.all(generated)
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'esnext',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['esnext', 'dom', 'dom.iterable'],
    types: [],
    skipLibCheck: true,
    allowImportingTsExtensions: true
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  await run('typescript/bin/tsc', '-p', folder).catch(({ stdout }) => expect.fail(stdout))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await app.close()
})

type Program = { use(token: string, ended: Promise<void>): Promise<string[]> }

async function use(face: keyof typeof programs, ended = Promise.resolve()): Promise<string[]> {
  const { token } = await connectDialect(app, `/${face}`, face)
  const program = (await import(join(folder, `use-${face}.ts`))) as Program
  return await program.use(token, ended)
}

async function finishOne(result: string): Promise<void> {
  const [assignment] = await runner.claim(1, 20)
  if (!assignment) throw new Error('nothing to claim')
  await runner.finish(assignment, 'SUCCEEDED', { result })
}

test('a client that is generated from the document of fleece executes agents, triggers flows and makes keys', async () => {
  const { id } = await app.call(createAgent, { body: { name: 'Triager', runtime: 'claude-code' } })
  await app.call(createFlow, { body: { title: 'Sweep', prompt: 'sweep it', agentId: id } })
  const said = use('fleece')
  await finishOne('Nothing is urgent.')
  expect(await said).toEqual(['completed', 'Nothing is urgent.', 'approved', 'Flow is already running', '1 1 true'])
  await finishOne('swept')
})

test('a client that is generated from the document of agentfleet launches sessions and tails them', async () => {
  expect(await use('agentfleet', finishOne('done'))).toEqual([
    'true',
    'SUCCEEDED',
    'add a route',
    'result',
    'RUN_NOT_RESUMABLE'
  ])
})
