import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

export interface ProcessEntry {
  pid: number
  parent: number
  group: number
  session: number
  /** Of its session. */
  leads: boolean
  /** Start time; together with the pid it names a process for good, because pids are used again. */
  started: string
}

const longestCommand = 500

/** All live processes of the machine, zombies left out. Empty where they cannot be listed. */
export async function listProcesses(platform = process.platform): Promise<ProcessEntry[]> {
  if (platform === 'linux') return fromProc()
  return platform === 'win32' ? [] : fromPs()
}

/** Processes whose environment holds all of `wanted`, also those that left parents, groups and sessions. Linux only. */
export function processesWithEnv(
  entries: ProcessEntry[],
  wanted: readonly string[],
  platform = process.platform
): ProcessEntry[] {
  if (platform !== 'linux') return []
  return entries.filter(({ pid }) => {
    const environ = `\0${readOrEmpty(`/proc/${pid}/environ`)}`
    return wanted.every(entry => environ.includes(`\0${entry}\0`))
  })
}

function fromProc(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => parseStat(readOrEmpty(`/proc/${pid}/stat`)))
    .filter(entry => entry !== null)
}

/** Reads `/proc/<pid>/stat`; the name in parentheses may itself hold spaces and parentheses. */
export function parseStat(stat: string): ProcessEntry | null {
  const afterName = stat.lastIndexOf(')')
  if (afterName === -1) return null
  const fields = stat.slice(afterName + 2).split(' ')
  const [state, parent, group, session] = fields
  if (state === 'Z' || state === 'X') return null
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    leads: Number(session) === Number.parseInt(stat, 10),
    started: fields[19] ?? ''
  }
}

async function fromPs(): Promise<ProcessEntry[]> {
  const args = ['-axo', 'pid=,ppid=,pgid=,stat=,lstart=']
  const { stdout } = await promisify(execFile)('ps', args, { timeout: 2000, maxBuffer: 8 * 1024 * 1024 })
  return stdout.split('\n').flatMap(parsePs)
}

/** Reads one line of `ps`. macOS shows no session of use, so a process stands for its own there. */
export function parsePs(line: string): ProcessEntry[] {
  const [pid, parent, group, state, ...started] = line.trim().split(/\s+/)
  if (state === undefined || state.startsWith('Z')) return []
  const entry = { pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(pid) }
  return [{ ...entry, leads: state.includes('s'), started: started.join(' ') }]
}

/** What it was started as, for a person; empty when that cannot be seen. */
export async function commandOf(pid: number, platform = process.platform): Promise<string> {
  if (platform === 'linux')
    return readOrEmpty(`/proc/${pid}/cmdline`).split('\0').join(' ').trim().slice(0, longestCommand)
  const seen = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)], { timeout: 2000 })
  return await seen.then(({ stdout }) => stdout.trim().slice(0, longestCommand)).catch(() => '')
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Ended in the meantime, or another user's.
    return ''
  }
}
