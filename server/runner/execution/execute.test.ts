import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Assignment, RunDaemon, RunItem } from '#contract/runners/runner-protocol'
import type { CommandSpec } from '#contract/runs/runs'
import type { Batch, Reply } from '../outbox/batch.ts'
import { hostFiles } from '../places/host/files.ts'
import { resolveFolder } from '../places/host/folder.ts'
import { hostProcesses } from '../places/host/host-processes.ts'
import { createLaunchLimit } from '../places/host/launch-limit.ts'
import { listProcesses } from '../places/host/processes.ts'
import { OpenPlaces } from '../places/open-places.ts'
import type { Place } from '../places/place.ts'
import { stopAgent } from '../places/stop-ladder.ts'
import { runtimes } from '../runtimes/index.ts'
import { RefusedLaunch } from '../runtimes/runtime.ts'
import { Spool } from '../spool/spool.ts'
import type { SpoolLimits } from '../spool/spool-file.ts'
import { execute, type Surroundings } from './execute.ts'
import { StartedAgents } from './started-agents.ts'

const PATH = '/usr/local/bin:/usr/bin:/bin'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-execute-')))
  mkdirSync(join(root, 'code'))
})
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))

let runs = 0

function assignment(script: string, more: Partial<Assignment> = {}, spec: Partial<CommandSpec> = {}): Assignment {
  return {
    runId: `execute-${process.pid}-${++runs}`,
    number: 1,
    attempt: 1,
    workspace: 'root',
    instructions: '',
    allowedTools: [],
    env: {},
    mcpServers: [],
    prompt: 'do it',
    images: [],
    cwd: join(root, 'code'),
    runtime: 'command',
    place: 'host',
    command: { program: 'bash', args: ['-c', script], prompt: 'stdin', output: 'events', ...spec },
    model: null,
    permissionMode: 'default',
    resume: null,
    timeoutSeconds: null,
    ...more
  }
}

const env = { PATH, SHLVL: '1', MY_TOKEN: 'a-secret-value' }

/** This machine, with runtimes that are simply there. */
function place(starts?: number): Place {
  const limit = createLaunchLimit(starts)
  const nothing = async () => {}
  return {
    ...hostProcesses('execute'),
    id: 'host',
    folder: (wish, workspace) =>
      resolveFolder(wish, workspace, { allowedDirs: [join(root, 'code')], dataDir: join(root, 'data') }),
    environment: async () => env,
    files: hostFiles,
    turn: signal => limit.enter(signal),
    stop: stopAgent,
    runtimes: {
      reports: [],
      warnings: [],
      onChange() {},
      looked: nothing,
      refresh: nothing,
      install: nothing,
      async prepare(id) {
        const runtime = runtimes.find(known => known.id === id)
        if (!runtime) throw new RefusedLaunch('RUNTIME_MISSING', `no ${id}`)
        const context = { cli: null, node: process.execPath, practiceAgent: '', unsandboxedRoot: false }
        return { runtime, context, env, notes: [] }
      }
    }
  }
}

/** A control plane that stores what it gets. `answers` decides replies; without one everything is stored. */
function setup(reply: (batch: Batch, items: RunItem[]) => Reply | undefined = () => undefined, limits?: SpoolLimits) {
  const spool = mkdtempSync(join(root, 'spool-'))
  const items: RunItem[] = []
  const finishes: NonNullable<Batch['finish']>[] = []
  const kept: RunDaemon[] = []
  const surroundings: Surroundings = {
    places: new OpenPlaces([place()]),
    started: new StartedAgents(() => spool),
    daemons: { keep: (_, daemons) => void kept.push(...daemons), stop: async () => {} },
    spool: new Spool(() => spool, limits),
    silenceMs: 60_000,
    pauseMs: () => 1,
    image: async () => ({ type: 'away' }),
    ownSecrets: () => ({}),
    async send(_, batch) {
      const received = batch.items.map(item => JSON.parse(item) as RunItem)
      const answer = reply(batch, received)
      if (answer !== undefined) return answer
      items.push(...received)
      if (batch.finish) finishes.push(batch.finish)
      return { type: 'stored', acked: items.at(-1)?.n ?? 0, next: null }
    }
  }
  const events = () => items.filter(item => item.type === 'event')
  return { surroundings, items, events, finishes, kept }
}

const line = (message: object) => `echo '${JSON.stringify(message)}'`
const done = line({ type: 'result', text: 'done' })

describe('executing a run', () => {
  test('tells start, folder, events in order without a gap, and the outcome', async () => {
    const { surroundings, items, events, finishes } = setup()
    await execute(assignment(`read p; ${line({ type: 'text', text: 'hi' })}; ${done}`), surroundings).done
    expect(items.map(item => item.n)).toEqual(items.map((_, index) => index + 1))
    expect(items.slice(0, 2)).toMatchObject([{ type: 'started' }, { facts: { cwd: join(root, 'code') } }])
    expect(events()).toMatchObject([{ kind: 'assistant', message: 'hi' }])
    expect(finishes).toMatchObject([{ outcome: 'SUCCEEDED', result: 'done', error: null }])
  })

  test.each<[string, Partial<Assignment>, Partial<CommandSpec>]>([
    ['CWD_MISSING', { cwd: '/nowhere' }, {}],
    ['RUNTIME_MISSING', { runtime: 'unknown' }, {}],
    ['PLACE_MISSING', { place: 'the moon' }, {}],
    ['SPAWN_FAILED', {}, { program: 'no-such-program' }],
    ['SPAWN_FAILED', { command: null }, {}],
    ['AGENT_CRASHED', {}, { args: ['-c', 'echo last words >&2; exit 3'] }],
    ['AGENT_CRASHED', {}, { args: ['-c', 'kill -9 $$'] }],
    ['NO_RESULT', {}, { args: ['-c', 'exit 0'] }]
  ])('%s is told as it is', async (code, more, spec) => {
    const { surroundings, finishes } = setup()
    await execute(assignment('', more, spec), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'FAILED', result: null, error: { code } }])
  })

  test('hides the secrets of the environment in everything it tells', async () => {
    const { surroundings, items, finishes } = setup()
    const script = 'echo "I know $MY_TOKEN"; echo "$MY_TOKEN" >&2; exit 1'
    await execute(assignment(script, {}, { output: 'lines' }), surroundings).done
    expect(JSON.stringify([items, finishes])).not.toContain('a-secret-value')
    expect(finishes[0]?.error?.message).toContain('[redacted MY_TOKEN]')
  })

  test.each([
    ['NUL', 'sk-0123\0-456789'],
    ['half of a character', '\ud800sk-0123456789'],
    ['more than a process takes', 'sk-0123456789'.repeat(11_000)]
  ])('a secret that holds %s, kept from before it was refused, is told by its name alone', async (_, value) => {
    const { surroundings, finishes, items } = setup()
    await execute(assignment(done, { env: { KEPT: value } }), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'FAILED', error: { code: 'SPAWN_FAILED' } }])
    expect(finishes[0]?.error?.message).toContain('KEPT')
    expect(JSON.stringify([items, finishes])).not.toContain('0123')
  })

  test.each([
    ['an argument', { args: ['-c', 'true\0sk-0123456789'] }],
    ['the program', { program: 'sh\0sk-0123456789' }]
  ])('NUL in %s is told without what stands beside it', async (_, spec) => {
    const { surroundings, finishes } = setup()
    await execute(assignment('', {}, spec), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'FAILED', error: { code: 'SPAWN_FAILED' } }])
    expect(finishes[0]?.error?.message).toContain('NUL')
  })

  test('more than the system hands to a process is told in words', async () => {
    const { surroundings, finishes } = setup()
    const args = ['-c', 'true', ...Array.from({ length: 200 }, () => 'x'.repeat(32_000))]
    await execute(assignment('', {}, { args }), surroundings).done
    expect(finishes[0]?.error?.message).toContain('more than this system hands to a process')
  })

  test('an agent whose secrets are long, many, and full of what patterns mean is executed and they are hidden', async () => {
    const env = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`S${n}`, `(.*${n}+)[\\`.repeat(3000)]))
    const { surroundings, items, finishes } = setup()
    await execute(assignment('echo "$S7"', { env }, { output: 'lines' }), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'SUCCEEDED' }])
    expect(JSON.stringify([items, finishes])).toContain('[redacted S')
    expect(JSON.stringify([items, finishes])).not.toContain('(.*7+)')
  })

  test('writes the next message when there is one, and closes stdin when there is none', async () => {
    const next = [{ text: 'second', images: [] }, null]
    const { surroundings, finishes } = setup()
    const send = surroundings.send
    surroundings.send = async (given, batch) => {
      const reply = await send(given, batch)
      return reply.type === 'stored' && batch.items.join().includes('"turn"') ? { ...reply, next: next.shift() } : reply
    }
    const script = `while read -r m; do case "$m" in *second*) ${line({ type: 'result', text: 'two' })};; *) ${done};; esac; done`
    await execute(assignment(script), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'SUCCEEDED', result: 'two' }])
    expect(next).toEqual([])
  })

  test('an agent that leaves before it read the next message has no result', async () => {
    const { surroundings, finishes } = setup()
    const send = surroundings.send
    surroundings.send = async (given, batch) => {
      const reply = await send(given, batch)
      if (reply.type !== 'stored' || !batch.items.join().includes('"turn"')) return reply
      await vi.waitUntil(() => existsSync(join(root, 'code/left')))
      return { ...reply, next: { text: 'too late', images: [] } }
    }
    const script = `read -r p; ${done}; (until ! kill -0 $$; do sleep 0.01; done; touch left) > /dev/null 2>&1 &`
    await execute(assignment(script), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'FAILED', error: { code: 'NO_RESULT' } }])
  })

  test('keeps going while the control plane is away and loses nothing', async () => {
    let away = true
    const { surroundings, events, finishes } = setup(() => (away ? { type: 'away' } : undefined))
    const script = `for i in 1 2 3; do echo '{"type":"text","text":"'$i'"}'; done; touch ../finished; ${done}`
    const run = execute(assignment(script), surroundings)
    await vi.waitUntil(() => existsSync(join(root, 'finished')), { timeout: 10_000 })
    expect(events()).toEqual([])
    away = false
    await run.done
    expect(events().map(event => event.message)).toEqual(['1', '2', '3'])
    expect(finishes).toHaveLength(1)
  })

  test('leaves output unread when too much waits and the spool is full, then reads it all', async () => {
    let away = true
    const { surroundings, events } = setup(() => (away ? { type: 'away' } : undefined), {
      total: 1_000_000,
      file: 1_000_000
    })
    const text = 'x'.repeat(100_000)
    writeFileSync(join(root, 'code/line'), `${JSON.stringify({ type: 'text', text })}\n`)
    const script = `for i in $(seq 300); do cat line; echo $i > ../progress; done; ${done}`
    const run = execute(assignment(script), surroundings)
    const progress = () =>
      existsSync(join(root, 'progress')) ? Number(readFileSync(join(root, 'progress'), 'utf8')) : 0
    let before = -1
    await vi.waitUntil(
      () => {
        const stands = progress() > 50 && progress() === before
        before = progress()
        return stands
      },
      { interval: 300, timeout: 20_000 }
    )
    expect(progress()).toBeLessThan(150)
    away = false
    await run.done
    expect(events()).toHaveLength(300)
  }, 30_000)

  test('does not wait for a process that the agent left behind', async () => {
    const { surroundings, finishes } = setup()
    await execute(assignment(`sleep 60 & ${done}`), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'SUCCEEDED' }])
  })

  test('keeps a bounded part of what is not of the protocol and says how much is missing', async () => {
    const { surroundings, events } = setup()
    await execute(assignment(`for i in $(seq 250); do echo garbage $i; done; ${done}`), surroundings).done
    expect(events()).toHaveLength(201)
    expect(events().at(-1)?.message).toBe('50 more pieces of output are not kept')
  })
})

describe('stopping a run', () => {
  test('a cancelled one is cancelled, whatever the process said last', async () => {
    const { surroundings, items, finishes } = setup()
    const run = execute(assignment(`read p; read interrupt; ${done}; exit 5`), surroundings)
    await vi.waitUntil(() => items.some(item => item.type === 'started'))
    run.cancel(false)
    await run.done
    expect(finishes).toMatchObject([{ outcome: 'CANCELLED', error: null }])
  })

  test('one that still waits for its place never starts', async () => {
    const { surroundings, items, finishes } = setup()
    surroundings.places = new OpenPlaces([place(0)])
    const run = execute(assignment(done), surroundings)
    run.cancel(false)
    await run.done
    expect(items.some(item => item.type === 'started')).toBe(false)
    expect(finishes).toMatchObject([{ outcome: 'CANCELLED' }])
  })

  test('one that was taken away is stopped and says nothing more', async () => {
    const { surroundings, items, finishes } = setup(() => (items.length > 1 ? { type: 'gone' } : undefined))
    const script = `while :; do ${line({ type: 'text', text: 'still here' })}; sleep 0.05; done`
    await execute(assignment(script), surroundings).done
    expect(finishes).toEqual([])
  })

  test('one over its time is stopped; time in which a person is asked does not count', async () => {
    const { surroundings, items, finishes } = setup()
    const ask = line({ type: 'approval', key: 'k', tool: 'T', title: 'wants' })
    const run = execute(
      assignment(`read p; ${ask}; read a; touch ../answered; sleep 60`, { timeoutSeconds: 1 }),
      surroundings
    )
    await vi.waitUntil(() => items.some(item => item.type === 'approval'), { timeout: 5000 })
    const waitedFor = Date.now() + 1300
    await vi.waitUntil(() => Date.now() > waitedFor, { timeout: 5000 })
    expect(finishes).toEqual([])
    run.answer({ key: 'k', allow: true, input: null, message: null })
    await run.done
    expect(existsSync(join(root, 'answered'))).toBe(true)
    expect(finishes).toMatchObject([{ outcome: 'TIMED_OUT', error: { code: 'TIMED_OUT' } }])
  }, 20_000)
})

describe('what an agent leaves behind', () => {
  const result = line({ type: 'result', text: 'done' })

  test.each([
    // These end when they next print and nobody reads them, if they are not ended before.
    ['prints', '(while :; do echo tick; sleep 0.3; done) &', 'perhaps'],
    ['prints without a pause', '(while :; do echo tick; done) &', 'perhaps'],
    ['prints errors', '(while :; do echo tick >&2; sleep 0.1; done) &', 'perhaps'],
    ['is silent', 'sleep 300 &', 'told'],
    ['ignores what it is told', "(trap '' TERM HUP PIPE; while :; do echo tick; sleep 0.2; done) &", 'told']
  ])(
    'and %s does not keep the run from ending as it did, and is gone',
    async (_, left, told) => {
      const { surroundings, events, finishes, kept } = setup()
      const run = execute(assignment(`read p; ${result}; ${left} echo $! > ../pid; exit 0`), surroundings)
      await run.done
      expect(finishes).toMatchObject([{ outcome: 'SUCCEEDED', result: 'done' }])
      const pid = Number(readFileSync(join(root, 'pid'), 'utf8'))
      expect((await listProcesses()).some(entry => entry.pid === pid)).toBe(false)
      const leftBehind = events().filter(event => event.data.subtype === 'left-behind')
      expect([told === 'told' ? 1 : 0, 1]).toContain(leftBehind.length)
      expect(kept).toEqual([])
    },
    20_000
  )

  test('a stop that comes after its exit does not change how it ended', async () => {
    const { surroundings, finishes } = setup()
    const script = `read p; ${result}; (while :; do echo tick; sleep 0.1; done) & echo $$ > ../agent; mv ../agent ../left; exit 0`
    const run = execute(assignment(script, { timeoutSeconds: 2 }), surroundings)
    await vi.waitUntil(() => existsSync(join(root, 'left')), { timeout: 10_000 })
    const pid = readFileSync(join(root, 'left'), 'utf8').trim()
    // Once its entry is gone, its exit was heard.
    await vi.waitUntil(() => !existsSync(`/proc/${pid}`), { timeout: 10_000, interval: 5 })
    run.cancel(true)
    await run.done
    expect(finishes).toMatchObject([{ outcome: 'SUCCEEDED' }])
  }, 20_000)

  test('in a session of its own is kept, told, and its command is clean', async () => {
    const { surroundings, events, finishes, kept } = setup()
    const left = "setsid sh -c 'sleep 300; : a-secret-value' >/dev/null 2>&1 & echo $! > ../pid"
    await execute(assignment(`read p; ${result}; ${left}; exit 0`), surroundings).done
    expect(finishes).toMatchObject([{ outcome: 'SUCCEEDED' }])
    expect(kept).toEqual([{ pid: expect.any(Number), started: expect.any(String), command: expect.any(String) }])
    expect(JSON.stringify([kept, events()])).not.toContain('a-secret-value')
    expect(events().filter(event => event.data.subtype === 'daemons')).toHaveLength(1)
    for (const one of kept) await surroundings.places.find('host').endProcess(one)
    expect(await surroundings.places.find('host').living(kept)).toEqual([])
  }, 20_000)

  test('of a crash is ended, whatever session it is in', async () => {
    const { surroundings, kept } = setup()
    const left = 'setsid sleep 300 >/dev/null 2>&1 & echo $! > ../pid; sleep 0.2'
    await execute(assignment(`read p; ${left}; exit 7`), surroundings).done
    expect(kept).toEqual([])
    const pid = Number(readFileSync(join(root, 'pid'), 'utf8'))
    expect((await listProcesses()).some(entry => entry.pid === pid)).toBe(false)
  }, 20_000)
})
