import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { AgentProcess } from '../place.ts'
import { stopAgent } from '../stop-ladder.ts'
import { hostProcesses } from './host-processes.ts'
import { listProcesses, parsePs, parseStat } from './processes.ts'

const host = hostProcesses('host-test')
const steps = { askedMs: 150, signalledMs: 150, killedMs: 2000 }
let runs = 0

interface Started {
  agent: AgentProcess
  runId: string
  pids(count: number): Promise<number[]>
}

async function start(script: string): Promise<Started> {
  const command = { file: 'bash', args: ['-c', script], env: {}, stopSignal: 'SIGTERM' as const }
  const runId = `host-test-${process.pid}-${++runs}`
  const agent = await host.start({ command, cwd: tmpdir(), env: { PATH: '/usr/local/bin:/usr/bin:/bin' }, runId })
  let said = ''
  agent.stdout.on('data', chunk => {
    said += chunk
  })
  return {
    agent,
    runId,
    /** The pids that the script wrote, one a line. */
    async pids(count) {
      while (said.split('\n').length <= count) await sleep(5)
      return said.trim().split('\n').map(Number)
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Programs that try to get away, each printing the pids that must be gone. */
const fugitives = {
  'a child in the background': 'sleep 300 & echo $!; echo $$; wait',
  'a child in a session of its own': 'setsid sleep 300 & echo $!; echo $$; wait',
  'a grandchild whose parent died': '(sleep 300 & echo $!); echo $$; sleep 300',
  'a grandchild in a session of its own whose parent died': '(setsid sleep 300 & echo $!); echo $$; sleep 300',
  'one that ignores every polite signal': "trap '' INT TERM; echo $$; echo $$; while :; do sleep 1; done"
}

describe('stopping an agent on the host', () => {
  test.each(Object.entries(fugitives))('ends %s', async (_, script) => {
    const { agent, pids } = await start(script)
    const all = await pids(2)
    await stopAgent(agent, { ask: () => false, signal: 'SIGTERM', now: new AbortController().signal }, steps)
    expect(all.filter(isAlive)).toEqual([])
  })

  test('ends what was started beside an agent without the agent, and with it', async () => {
    const { agent, runId, pids } = await start('echo $$; sleep 300')
    const [main = 0] = await pids(1)
    const command = { file: 'bash', args: ['-c', 'setsid sleep 300 & wait'], env: {}, stopSignal: 'SIGTERM' as const }
    const rest = { command, cwd: tmpdir(), env: { PATH: '/usr/bin:/bin' }, runId }
    const [one, two] = await Promise.all(['one', 'two'].map(part => host.start({ ...rest, part })))
    await one?.kill(2000)
    expect([isAlive(main), await one?.exited]).toEqual([true, { code: null, signal: 'SIGKILL' }])
    await agent.kill(2000)
    expect([isAlive(main), await two?.exited]).toEqual([false, { code: null, signal: 'SIGKILL' }])
  })

  test('finds what was started after the first look, in a session of its own', async () => {
    const script = "trap '(setsid sleep 300 & echo $!); exit' TERM; echo $$; while :; do sleep 0.01; done"
    const { agent, pids } = await start(script)
    await pids(1)
    await stopAgent(agent, { ask: () => false, signal: 'SIGTERM', now: new AbortController().signal }, steps)
    expect((await pids(2)).filter(isAlive)).toEqual([])
  })

  test('an agent that obeys the first question is never signalled', async () => {
    const { agent } = await start("trap 'exit 9' TERM INT; read line; exit 3")
    const ask = () => {
      agent.write('please')
      return true
    }
    const slow = { askedMs: 10_000, signalledMs: 10_000, killedMs: 1000 }
    await stopAgent(agent, { ask, signal: 'SIGTERM', now: new AbortController().signal }, slow)
    expect(await agent.exited).toEqual({ code: 3, signal: null })
  })

  test('"now" ends the asking at once', async () => {
    const { agent, pids } = await start(`trap '' TERM; echo $$; while :; do sleep 1; done`)
    const [pid] = await pids(1)
    const now = new AbortController()
    const slow = { askedMs: 60_000, signalledMs: 60_000, killedMs: 2000 }
    const stopped = stopAgent(agent, { ask: () => true, signal: 'SIGTERM', now: now.signal }, slow)
    now.abort()
    await stopped
    expect(isAlive(pid ?? 0)).toBe(false)
  })

  test('leaves strangers alone', async () => {
    const stranger = await start('echo $$; sleep 300')
    const [pid] = await stranger.pids(1)
    const { agent, pids } = await start('echo $$; sleep 300')
    await pids(1)
    await agent.kill(2000)
    expect(isAlive(pid ?? 0)).toBe(true)
    await stranger.agent.kill(2000)
  })
})

describe('what a killed runner left behind', () => {
  test.each(['sleep 300', '(setsid sleep 300 &) ; sleep 300'])(
    'is ended by a runner of the same folder: %s',
    async script => {
      const { agent, pids, runId } = await start(`echo $$; ${script}`)
      const [pid] = await pids(1)
      await hostProcesses('host-test').end(runId)
      await agent.exited
      expect(isAlive(pid ?? 0)).toBe(false)
    }
  )

  test.each(['a copy', '', 'host'])(
    'is left alone by a runner of another folder that knows the same run: %s',
    async owner => {
      const { agent, pids, runId } = await start('echo $$; sleep 300')
      const [pid] = await pids(1)
      await hostProcesses(owner).end(runId)
      expect(isAlive(pid ?? 0)).toBe(true)
      await agent.kill(2000)
    }
  )
})

describe('what an agent left when it ended', () => {
  const quiet = '>/dev/null 2>&1 </dev/null'

  test.each([
    ['a child', `sleep 300 ${quiet} & echo $!`],
    ['a grandchild', `(sleep 300 ${quiet} & echo $!)`],
    ['what a shell in a session of its own forgot', `setsid sh -c 'sleep 300 ${quiet} & echo $!'`],
    ['what ignores the question', `(trap '' TERM; sleep 300 ${quiet} & echo $!)`],
    ['what nohup keeps', `nohup sleep 300 ${quiet} & echo $!`]
  ])('is ended: %s', async (_, script) => {
    const { agent, pids } = await start(script)
    const [pid] = await pids(1)
    await agent.exited
    expect(await agent.settle()).toMatchObject({ ended: [{ pid, command: 'sleep 300' }], daemons: [] })
    expect(isAlive(pid ?? 0)).toBe(false)
  })

  test.each([
    ['by setsid', `setsid sleep 300 ${quiet} & echo $!; sleep 0.2`],
    ['by a fork of a fork', `(setsid sleep 300 ${quiet} & echo $!); sleep 0.2`],
    ['with children of its own', `setsid sh -c 'sleep 300 & wait' ${quiet} & echo $!; sleep 0.2`]
  ])('is kept where it was made to stay, %s, and ended when that is wanted', async (_, script) => {
    const { agent, pids } = await start(script)
    const [pid] = await pids(1)
    await agent.exited
    const { ended, daemons } = await agent.settle()
    expect({ ended, pids: daemons.map(one => one.pid) }).toEqual({ ended: [], pids: [pid] })
    expect(await host.living(daemons)).toEqual(daemons)
    for (const one of daemons) {
      await host.endProcess({ ...one, started: 'another' })
      expect(isAlive(one.pid)).toBe(true)
      await host.endProcess(one)
    }
    expect(await host.living(daemons)).toEqual([])
    expect(await agent.settle()).toEqual({ ended: [], daemons: [] })
  })
})

describe('starting an agent on the host', () => {
  test('a program that is not there is an error with its code', async () => {
    const command = { file: 'no-such-program', args: [], env: {}, stopSignal: 'SIGTERM' as const }
    await expect(host.start({ command, cwd: tmpdir(), env: {}, runId: 'x' })).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('writing to one that has ended does no harm', async () => {
    const { agent } = await start('exit 0')
    await agent.exited
    expect(() => agent.write('hello?')).not.toThrow()
  })
})

describe('the list of processes', () => {
  test('holds this process', async () => {
    const own = (await listProcesses()).find(entry => entry.pid === process.pid)
    expect(own).toMatchObject({ parent: process.ppid })
  })

  test('a name with spaces and parentheses is read over, a zombie is left out', () => {
    const rest = '7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 1'
    expect(parseStat(`42 (a) b (c) S 1 ${rest}`)).toEqual({
      pid: 42,
      parent: 1,
      group: 7,
      session: 7,
      leads: false,
      started: '12345'
    })
    expect(parseStat(`42 (gone) Z 1 ${rest}`)).toBeNull()
    expect(parseStat('')).toBeNull()
  })

  test('lines of ps are read as macOS prints them', () => {
    expect(parsePs('  501     1   501 Ss   Sat Nov 21 21:04:44 2026')).toEqual([
      { pid: 501, parent: 1, group: 501, session: 501, leads: true, started: 'Sat Nov 21 21:04:44 2026' }
    ])
    expect(parsePs('  502   501   502 Z    Sat Nov 21 21:04:44 2026')).toEqual([])
    expect(parsePs('')).toEqual([])
  })
})
