import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Log {
  info(message: string, facts?: Record<string, unknown>): void
  error(message: string, error: unknown, facts?: Record<string, unknown>): void
}

const maxBytes = 5 << 20

/** JSON lines in `<dataDir>/logs/control-plane.log`, with one older file kept. Losing a line must never hurt a request. */
export function openLog(dataDir: string): Log {
  const folder = join(dataDir, 'logs')
  const file = join(folder, 'control-plane.log')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let size = sizeOf(file)

  function write(level: string, message: string, facts: Record<string, unknown>): void {
    try {
      const line = `${JSON.stringify({ ts: new Date().toISOString(), level, message, ...facts })}\n`
      if (size + line.length > maxBytes) {
        renameSync(file, `${file}.1`)
        size = 0
      }
      appendFileSync(file, line, { mode: 0o600 })
      size += line.length
    } catch {
      // A full disk shows in /healthz; there is nowhere left to write it.
    }
  }

  return {
    info: (message, facts = {}) => write('info', message, facts),
    error: (message, error, facts = {}) =>
      write('error', message, {
        ...facts,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error)
      })
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}
