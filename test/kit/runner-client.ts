import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { McpCheck } from '#contract/fleet/mcps'
import type { McpServer } from '#contract/runners/mcp-server'
import { type Question, questionTypes, type Reply } from '#contract/runners/questions'
import {
  type Assignment,
  answerQuestion,
  claimRuns,
  finishRun,
  leaveRunner,
  type Outcome,
  pollCommands,
  type RunItem,
  type RunnerCommand,
  registerRunner,
  sendEvents
} from '#contract/runners/runner-protocol'
import type { RuntimeReport } from '#contract/runners/runners'
import type { RunFailure } from '#contract/runs/runs'
import type { App } from './start-app.ts'

/** An item without its number and time: the client counts. */
export type Draft = RunItem extends infer Item ? (Item extends RunItem ? Omit<Item, 'n' | 'ts'> : never) : never

export interface RunnerClientOptions {
  identity?: string
  name?: string
  platform?: string
  allowedDirs?: string[]
  dataDir?: string
  runtimes?: RuntimeReport[]
  capacity?: number
  labels?: string[]
  /** Of the process; another one may have to wait. */
  process?: string
  /** Started by a former process of this identity. */
  died?: { runId: string; attempt: number }[]
  kind?: 'builtin' | 'remote'
  /** Identity of the runner whose last runs it finishes. */
  drains?: string
  /** Last command that it carried out. */
  lastCommand?: number
  /** What it can be asked; all, where it is not there. */
  questions?: string[]
}

interface CommandOptions {
  active?: Assignment[]
  after?: number
  waitSeconds?: number
}

/** Speaks the runner protocol to a control plane, one call at a time, so that tests decide what a runner does and when. */
export interface RunnerClient {
  runnerId: string
  incarnation: string
  registration: z.output<typeof registerRunner.output>
  claim(free?: number, waitSeconds?: number): Promise<Assignment[]>
  /** Takes a run that is queued for it; throws when there is none. */
  claimOne(): Promise<Assignment>
  /** Takes all that is queued for it, and tells of this run; throws when it is not among that. */
  take(runId: string): Promise<Assignment>
  commands(options?: CommandOptions): Promise<RunnerCommand[]>
  /** Numbers the drafts on from the last ones of the run and sends them. */
  send(assignment: Assignment, ...drafts: Draft[]): Promise<z.output<typeof sendEvents.output>>
  /** Numbers the next ones of a run on from here. */
  countFrom(runId: string, n: number): void
  leave(): Promise<void>
  finish(assignment: Assignment, outcome: Outcome, more?: { result?: string; error?: RunFailure }): Promise<void>
}

export function report(id: string, more: Partial<RuntimeReport> = {}): RuntimeReport {
  return {
    id,
    title: id,
    kind: id === 'command' ? 'program' : id === 'practice' ? 'practice' : 'agent',
    note: null,
    provider: null,
    meter: { price: true, cumulative: false, free: false },
    state: 'ready',
    version: '1.0.0',
    path: `/usr/bin/${id}`,
    signedIn: 'yes',
    detail: null,
    installable: true,
    place: 'host',
    capabilities: {
      permissionModes: ['default', 'acceptEdits', 'bypassPermissions', 'plan'],
      models: [],
      resume: true,
      fork: true,
      input: true,
      interrupt: true,
      changeWhileRunning: true,
      questions: true,
      plan: true,
      images: true
    },
    ...more
  }
}

function handedOut([assignment]: Assignment[]): Assignment {
  if (!assignment) throw new Error('nothing to claim')
  return assignment
}

export async function connectRunner(
  app: Pick<App, 'call'>,
  options: RunnerClientOptions = {},
  active: { runId: string; attempt: number }[] = []
): Promise<RunnerClient> {
  const registration = await app.call(registerRunner, {
    body: {
      identity: options.identity ?? randomUUID(),
      name: options.name ?? 'test runner',
      kind: options.kind ?? 'remote',
      hostname: 'here',
      platform: options.platform ?? 'linux',
      version: '0.0.0',
      allowedDirs: options.allowedDirs ?? ['/work-here'],
      dataDir: options.dataDir ?? null,
      runtimes: options.runtimes ?? [report('claude-code')],
      capacity: options.capacity ?? 10,
      labels: options.labels ?? [],
      questions: options.questions ?? questionTypes,
      ...(options.process === undefined ? {} : { process: options.process }),
      active,
      died: options.died ?? [],
      drains: options.drains ?? null,
      lastCommand: options.lastCommand ?? 0
    }
  })
  const { runnerId, incarnation } = registration
  const caller = { runnerId, incarnation }
  const counted = new Map<string, number>()

  function number(assignment: Assignment, drafts: readonly Draft[]): RunItem[] {
    return drafts.map(draft => {
      const n = (counted.get(assignment.runId) ?? 0) + 1
      counted.set(assignment.runId, n)
      return { ...draft, n, ts: new Date().toISOString() } as RunItem
    })
  }

  const claim = async (free = 1, waitSeconds = 0): Promise<Assignment[]> =>
    (await app.call(claimRuns, { body: { ...caller, free, waitSeconds } })).runs

  return {
    runnerId,
    incarnation,
    registration,
    claim,
    countFrom: (runId, n) => void counted.set(runId, n),
    claimOne: async () => handedOut(await claim()),
    take: async runId => handedOut((await claim(100)).filter(run => run.runId === runId)),
    async commands({ active: held = [], after = 0, waitSeconds = 0 } = {}) {
      const body = { ...caller, after, active: held.map(({ runId, attempt }) => ({ runId, attempt })), waitSeconds }
      return (await app.call(pollCommands, { body })).commands
    },
    async leave() {
      await app.call(leaveRunner, { body: caller })
    },
    send: (assignment, ...drafts) =>
      app.call(sendEvents, {
        params: { id: assignment.runId },
        body: { ...caller, attempt: assignment.attempt, items: number(assignment, drafts) }
      }),
    async finish(assignment, outcome, { result, error } = {}) {
      await app.call(finishRun, {
        params: { id: assignment.runId },
        body: {
          ...caller,
          attempt: assignment.attempt,
          items: [],
          outcome,
          result: result ?? null,
          error: error ?? null,
          ts: new Date().toISOString()
        }
      })
    }
  }
}

type Asked = { id: string; question: Question }

/** Waits until the runner is asked something. */
export async function nextQuestion({ commands }: Pick<RunnerClient, 'commands'>): Promise<Asked> {
  for (let after = 0; ; ) {
    for (const command of await commands({ after, waitSeconds: 20 })) {
      after = command.id
      if (command.type === 'ask') return { id: command.questionId, question: command.question }
    }
  }
}

/** Answers as a runner does. */
export async function replyTo(
  app: Pick<App, 'call'>,
  { runnerId, incarnation }: Pick<RunnerClient, 'runnerId' | 'incarnation'>,
  { id }: Pick<Asked, 'id'>,
  reply: Reply,
  token?: string
): Promise<void> {
  await app.call(answerQuestion, { params: { id }, body: { runnerId, incarnation, reply } }, token)
}

/** Waits until the runner is asked to check an MCP server, and tells how that answered. Returns what it was told of it. */
export async function answerMcpCheck(
  app: Pick<App, 'call'>,
  runner: RunnerClient,
  check: McpCheck
): Promise<McpServer> {
  const asked = await nextQuestion(runner)
  await replyTo(app, runner, asked, { type: 'checkMcp', answer: check })
  if (asked.question.type !== 'checkMcp') throw new Error(`${asked.question.type} was asked`)
  return asked.question.server
}

/** Settings of a folder that act by themselves, with a content. */
export function asksForTrust(content: string): Draft {
  return {
    type: 'approval',
    key: 'trust',
    kind: 'trust',
    tool: 'claude-code',
    toolUseId: null,
    title: 'found settings that act by themselves',
    subject: '/work-here',
    input: {
      folder: '/work-here',
      runtime: 'claude-code',
      content,
      acts: [{ kind: 'hook', title: 'A hook acts', detail: 'x', path: '.claude/settings.json', line: 3 }],
      files: [{ path: '.claude/settings.json', text: '{}' }]
    },
    reason: null
  }
}
