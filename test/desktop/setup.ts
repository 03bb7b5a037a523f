import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { findBinary } from './kit/binary.ts'

/** Brings a display where there is none, and says on what the specs run. */
export async function setup(): Promise<() => void> {
  console.log(`\nDesktop specs run on ${findBinary().words}.`)
  if (process.platform !== 'linux' || process.env.DISPLAY) return () => {}
  const display = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe']
  })
  process.env.DISPLAY = `:${await displayNumber(display)}`
  return () => {
    delete process.env.DISPLAY
    display.kill()
  }
}

function displayNumber(display: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    display.once('error', () => reject(new Error('Xvfb is missing: install it, or set DISPLAY')))
    display.once('exit', code => reject(new Error(`Xvfb ended with ${code}`)))
    const output = display.stdio[3]
    if (output && 'on' in output) createInterface({ input: output as NodeJS.ReadableStream }).once('line', resolve)
  })
}
