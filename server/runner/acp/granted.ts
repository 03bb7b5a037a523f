import { resolve } from 'node:path'
import { isInside } from '#contract/runners/folder-rule'
import type { PlaceRequest } from '../runtimes/requests.ts'
import { commandOf, pathsOf, type ToolCall } from './tool-calls.ts'

/** What an agent asks of its place that changes something. */
export type Covered = Extract<PlaceRequest, { kind: 'writeFile' | 'openTerminal' }>

const shell = /(^|[/\\])(sh|bash|zsh|dash|fish|cmd(\.exe)?|pwsh|powershell(\.exe)?)$/

/** What was granted in a turn: these files, and these commands to the letter. */
export class Granted {
  private readonly paths = new Set<string>()
  private readonly commands = new Set<string>()
  private readonly cwd: string | null

  constructor(cwd: string | null) {
    this.cwd = cwd
  }

  add(call: ToolCall): void {
    const command = commandOf(call)
    if (command !== null) this.commands.add(command.trim())
    if (call.kind === 'edit' || call.kind === 'delete' || call.kind === 'move')
      for (const path of pathsOf(call)) this.paths.add(this.absolute(path))
  }

  covers(request: Covered): boolean {
    if (request.kind === 'writeFile') return this.paths.has(this.absolute(request.path))
    const { file, args } = request
    const [flag, script, ...more] = args
    // A shell that runs exactly this and nothing else.
    if (shell.test(file) && flag !== undefined && /^(-\w*c|\/c)$/i.test(flag) && more.length === 0)
      return this.commands.has(script?.trim() ?? '')
    return this.commands.has([file, ...args].join(' ').trim())
  }

  /** Whether there are any, and all lie in the folder of the run. Links are looked at by what does the writing. */
  inFolder(paths: readonly string[]): boolean {
    const { cwd } = this
    if (cwd === null || paths.length === 0) return false
    return paths.every(path => isInside(this.absolute(path), cwd, process.platform))
  }

  clear(): void {
    this.paths.clear()
    this.commands.clear()
  }

  private absolute(path: string): string {
    return resolve(this.cwd ?? '/', path)
  }
}
