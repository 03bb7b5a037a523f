import { spawn } from 'node:child_process'

/** What of the output is kept, in characters. */
const maxOutput = 100_000

export interface ShellResult {
  text: string
  exitCode: number | null
}

/** Runs a command in a shell; an abort ends it with all it started in its group. */
export function runShell(command: string, signal: AbortSignal): Promise<ShellResult> {
  return new Promise(resolve => {
    const isWindows = process.platform === 'win32'
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: !isWindows })
    let text = ''
    let cut = false
    const take = (chunk: string) => {
      cut ||= text.length + chunk.length > maxOutput
      text = (text + chunk).slice(0, maxOutput)
    }
    const stop = () => {
      if (isWindows || child.pid === undefined) child.kill()
      else process.kill(-child.pid, 'SIGKILL')
    }
    signal.addEventListener('abort', stop, { once: true })
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    child.once('error', error => resolve({ text: error.message, exitCode: null }))
    child.once('exit', () => signal.removeEventListener('abort', stop))
    child.once('close', exitCode => resolve({ text: cut ? `${text}\n[more is not kept]` : text, exitCode }))
  })
}
