import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/** Writes a file that appears whole or not at all, also across a power cut; readable by its user only. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.new`
  rmSync(draft, { force: true })
  const open = openSync(draft, 'wx', 0o600)
  try {
    writeSync(open, text)
    fsyncSync(open)
  } finally {
    closeSync(open)
  }
  renameSync(draft, file)
}
