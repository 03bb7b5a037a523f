import { basename, dirname, join, resolve } from 'node:path'
import { isInside } from '#contract/runners/folder-rule'
import type { Environment } from '../machine/environment.ts'
import type { Place } from '../places/place.ts'
import type { PlaceReply, PlaceRequest } from '../runtimes/requests.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** Of one run. */
const mostTerminals = 8
const mostOpen = 64
const maxFileBytes = 8 * 1024 * 1024

export interface PlaceRequestsOptions {
  place: Pick<Place, 'files' | 'start' | 'stop'>
  /** Of the run, links resolved. */
  folder: string
  env: Environment
  runId: string
}

/** Answers what an agent asks of its place, as long as its run lasts. */
export class PlaceRequests {
  private readonly options: PlaceRequestsOptions
  private readonly terminals = new Map<string, Terminal>()
  private opened = 0
  private open = 0
  private over = false

  constructor(options: PlaceRequestsOptions) {
    this.options = options
  }

  /** Never rejects. */
  async answer(request: PlaceRequest): Promise<PlaceReply> {
    if (this.over) return refused('The run is over')
    if (this.open >= mostOpen) return refused(`${mostOpen} requests are open already; wait for an answer`)
    this.open++
    try {
      return await this.answered(request)
    } catch (error) {
      return refused(error instanceof Error ? error.message : String(error))
    } finally {
      this.open--
    }
  }

  /** The run is over: nothing that was started for it goes on. */
  async end(): Promise<void> {
    this.over = true
    const left = [...this.terminals.values()]
    this.terminals.clear()
    await Promise.all(left.map(terminal => terminal.end()))
  }

  private async answered(request: PlaceRequest): Promise<PlaceReply> {
    switch (request.kind) {
      case 'readFile':
        return { kind: 'text', text: lines(await this.read(request.path), request) }
      case 'writeFile':
        return await this.write(request.path, request.text)
      case 'openTerminal':
        return await this.openTerminal(request)
      case 'readTerminal':
        return { kind: 'printed', ...this.terminal(request.terminal).printed() }
      case 'awaitTerminal': {
        const terminal = this.terminal(request.terminal)
        await terminal.ended
        return { kind: 'printed', ...terminal.printed() }
      }
      case 'endTerminal':
        await this.terminal(request.terminal).end()
        return { kind: 'done' }
      case 'closeTerminal': {
        const terminal = this.terminal(request.terminal)
        this.terminals.delete(request.terminal)
        await terminal.end()
        return { kind: 'done' }
      }
    }
  }

  private async read(path: string): Promise<string> {
    const { files } = this.options.place
    const real = await this.inFolder(path)
    const is = await files.look(real)
    if (is === null) throw new Error(`There is no file ${path}`)
    if (is.kind !== 'file') throw new Error(`${path} is not a file`)
    if (is.bytes > maxFileBytes) throw new Error(`${path} has ${is.bytes} bytes; at most ${maxFileBytes} are read`)
    const bytes = await files.read(real)
    if (bytes === null) throw new Error(`${path} cannot be read`)
    return bytes.toString('utf8')
  }

  private async write(path: string, text: string): Promise<PlaceReply> {
    const content = Buffer.from(text)
    if (content.length > maxFileBytes) throw new Error(`${path}: at most ${maxFileBytes} bytes are written`)
    await this.options.place.files.write(await this.inFolder(path), content)
    return { kind: 'done' }
  }

  private async openTerminal(request: Extract<PlaceRequest, { kind: 'openTerminal' }>): Promise<PlaceReply> {
    const { place, folder, env, runId } = this.options
    const { file, args } = request
    if (this.terminals.size >= mostTerminals)
      throw new Error(`${mostTerminals} terminals are open already; close one first`)
    const cwd = request.cwd === null ? folder : await this.inFolder(request.cwd)
    const command = { file, args, env: request.env, stopSignal: 'SIGTERM' as const }
    // Taken before it is started, so that many at once do not become too many.
    const name = `terminal-${++this.opened}`
    const starting = openTerminal(place, { command, cwd, env, runId, part: name })
    this.terminals.set(name, starting)
    try {
      await starting.started
    } catch (error) {
      this.terminals.delete(name)
      throw error
    }
    if (this.over) await starting.end()
    return { kind: 'opened', terminal: name }
  }

  private terminal(name: string): Terminal {
    const terminal = this.terminals.get(name)
    if (terminal === undefined) throw new Error(`There is no terminal ${name}`)
    return terminal
  }

  /** Links resolved, also of the folder of what is not there yet. Throws when it lies outside of the run's. */
  private async inFolder(path: string): Promise<string> {
    const { place, folder } = this.options
    const real = await realOf(place.files, resolve(folder, path))
    if (real === folder || isInside(real, folder, process.platform)) return real
    throw new Error(`${path} lies outside of the folder of this run`)
  }
}

async function realOf(files: Place['files'], path: string): Promise<string> {
  const real = await files.real(path)
  if (real !== null || dirname(path) === path) return real ?? path
  return join(await realOf(files, dirname(path)), basename(path))
}

function lines(text: string, { line = 1, limit }: { line?: number; limit?: number }): string {
  if (line <= 1 && limit === undefined) return text
  const first = Math.max(0, line - 1)
  return text
    .split('\n')
    .slice(first, limit === undefined ? undefined : first + limit)
    .join('\n')
}

function refused(message: string): PlaceReply {
  return { kind: 'refused', message }
}
