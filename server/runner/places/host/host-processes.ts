import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentProcess, LeftProcess, Place, StartOptions } from '../place.ts'
import { descendants } from './descendants.ts'
import { commandOf, listProcesses, type ProcessEntry, processesWithEnv } from './processes.ts'

const isWindows = process.platform === 'win32'

/** Every process of a run bears these variables, so that it is found wherever it went, by its own runner and no other. */
const runVariable = 'FLOTILLA_RUN_ID'
const ownerVariable = 'FLOTILLA_RUNNER'
/** And what was started beside the agent bears this one too. */
const partVariable = 'FLOTILLA_RUN_PART'
/** For trees whose root is not known: no process has this pid, as its own, its parent's or its group's. */
const noProcess = { pid: -1, alive: false }
/** What a killed runner left behind gets this long to be gone. */
const leftoversMs = 5000
/** What ends together with its agent is gone by then. */
const leavingMs = 150
/** What is asked to end gets this long: what an agent left, and a daemon. */
const politeMs = { left: 1000, daemon: 3000 }

/**
 * Agents as processes of this machine, with the rights of whoever runs the runner. `owner` names whose they are: two
 * runners may know the same runs, when the folder of one was copied.
 */
export function hostProcesses(owner: string): Pick<Place, 'start' | 'end' | 'living' | 'endProcess'> {
  return {
    start: options => start(options, owner),
    async end(runId) {
      await familyOf(markers(runId, owner), () => noProcess).kill(leftoversMs)
    },
    async living(processes) {
      const entries = await listProcesses()
      return processes.filter(({ pid, started }) => entries.some(one => one.pid === pid && one.started === started))
    },
    endProcess
  }
}

async function start({ command, cwd, env, runId, part }: StartOptions, owner: string): Promise<AgentProcess> {
  const { file, args, ...shell } = windowsScript(command.file, command.args)
  const child = spawn(file, args, {
    cwd,
    env: {
      ...env,
      ...command.env,
      [runVariable]: runId,
      [ownerVariable]: owner,
      ...(part && { [partVariable]: part })
    },
    stdio: 'pipe',
    // A session of its own: signals of our terminal do not reach it, and its whole group can be signalled.
    detached: !isWindows,
    windowsHide: true,
    ...shell
  })
  await spawned(child)
  return isWindows ? windowsAgent(child) : posixAgent(child, markers(runId, owner, part))
}

function markers(runId: string, owner: string, part?: string): string[] {
  return [`${runVariable}=${runId}`, `${ownerVariable}=${owner}`, ...(part ? [`${partVariable}=${part}`] : [])]
}

function spawned(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
}

function common(child: ChildProcessWithoutNullStreams) {
  // An agent that ended does not read: the run learns that from its exit, not from the pipe.
  child.stdin.on('error', () => {})
  child.on('error', () => {})
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    write: (line: string) => void (child.stdin.writable && child.stdin.write(`${line}\n`)),
    closeStdin: () => void child.stdin.end(),
    exited: new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
  }
}

function posixAgent(child: ChildProcessWithoutNullStreams, marks: readonly string[]): AgentProcess {
  const root = child.pid ?? -1
  const family = familyOf(marks, () => ({ pid: root, alive: child.exitCode === null && child.signalCode === null }))
  return { ...common(child), ...family, signal: name => send(-root, name) }
}

/** All processes of a run: those that descend from its agent, and those that bear its markers. */
function familyOf(
  marks: readonly string[],
  root: () => typeof noProcess
): Pick<AgentProcess, 'remember' | 'kill' | 'settle'> {
  let known: ProcessEntry[] = []

  async function look(): Promise<ProcessEntry[]> {
    const entries = await listProcesses()
    known = descendants(entries, root(), [...known, ...processesWithEnv(entries, marks)])
    return known
  }

  return {
    remember: async () => void (await look()),
    async kill(limitMs) {
      const deadline = Date.now() + limitMs
      // Again until none is left: who is killed may just have started another.
      for (let left = await look(); left.length > 0; left = await look()) {
        for (const entry of left) send(entry.pid, 'SIGKILL')
        if (Date.now() >= deadline) return
        await sleep(20)
      }
    },
    async settle() {
      if (sorted(await look(), root().pid).others.length > 0) await sleep(leavingMs)
      const { daemons, others } = sorted(await look(), root().pid)
      const settled = { ended: await described(others), daemons: await described(daemons) }
      await endAll(async () => sorted(await look(), root().pid).others, politeMs.left)
      return settled
    }
  }
}

/**
 * What leads a session of its own was made to stay, with all that belongs to it. Whatever else is left has only been
 * forgotten: its shell is gone, or it sits in the session of the agent.
 */
function sorted(left: ProcessEntry[], agent: number): { daemons: ProcessEntry[]; others: ProcessEntry[] } {
  const daemons = left.filter(entry => entry.leads && entry.pid !== agent)
  const kept = new Set(daemons.flatMap(({ pid }) => descendants(left, { pid, alive: true }, [])))
  return { daemons, others: left.filter(entry => !kept.has(entry)) }
}

async function described(entries: ProcessEntry[]): Promise<LeftProcess[]> {
  return await Promise.all(entries.map(async ({ pid, started }) => ({ pid, started, command: await commandOf(pid) })))
}

async function endProcess({ pid, started }: LeftProcess): Promise<void> {
  let known: ProcessEntry[] = []
  await endAll(async () => {
    const entries = await listProcesses()
    const alive = entries.some(entry => entry.pid === pid && entry.started === started)
    known = alive || known.length > 0 ? descendants(entries, { pid, alive }, known) : []
    return known
  }, politeMs.daemon)
}

/** Asks all of them to end, and kills what has not after `askedMs`. */
async function endAll(look: () => Promise<ProcessEntry[]>, askedMs: number): Promise<void> {
  const since = performance.now()
  const asked = new Set<number>()
  for (let left = await look(); left.length > 0; left = await look()) {
    const late = performance.now() - since
    for (const { pid } of left) {
      if (late >= askedMs) send(pid, 'SIGKILL')
      else if (!asked.has(pid)) send(pid, 'SIGTERM')
      asked.add(pid)
    }
    if (late >= askedMs + leftoversMs) return
    await sleep(20)
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Ended by itself.
  }
}

// Not verified on a real Windows machine.
function windowsAgent(child: ChildProcessWithoutNullStreams): AgentProcess {
  return {
    ...common(child),
    remember: async () => {},
    settle: async () => ({ ended: [], daemons: [] }),
    // Windows has no polite signal for another process; closing stdin is the nearest thing.
    signal: () => void child.stdin.end(),
    kill: limitMs =>
      new Promise(resolve => {
        execFile('taskkill', ['/PID', String(child.pid), '/T', '/F'], { timeout: limitMs }, () => resolve())
      })
  }
}

// Not verified on a real Windows machine: npm puts CLIs there as .cmd files, which only a shell can start.
function windowsScript(file: string, args: string[]) {
  if (!isWindows || !/\.(cmd|bat)$/i.test(file)) return { file, args }
  const line = [file, ...args].map(quoteForCmd).join(' ')
  return { file: 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], windowsVerbatimArguments: true }
}

function quoteForCmd(argument: string): string {
  const quoted = `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`
  return quoted.replace(/[()%!^<>&|]/g, '^$&')
}
