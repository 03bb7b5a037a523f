import { setTimeout as sleep } from 'node:timers/promises'
import { structuredPatch } from 'diff'
import { z } from 'zod'
import type { Hunk } from '#contract/runs/events'
import { examineImage } from '#contract/runs/image-content'
import { imageTypeWord } from '#contract/runs/images'
import type { PermissionMode } from '#contract/runs/runs'
import type { ToAgent } from '../../server/runner/runtimes/command-protocol.ts'
import { type Folder, Problem } from './folder.ts'
import { type Command, menu, parseCommands } from './language.ts'
import { runShell } from './shell.ts'
import { say, send } from './voice.ts'

const memory = z.object({ lastFile: z.string().nullable(), turns: z.int() })
type Memory = z.infer<typeof memory>
type Answer = Extract<ToAgent, { type: 'answer' }>
type Input = Record<string, unknown>
type Image = NonNullable<Extract<ToAgent, { type: 'message' }>['images']>[number]

const wroteInput = z.object({ path: z.string(), content: z.string() })
const replacedInput = z.object({ path: z.string(), find: z.string().min(1), replacement: z.string() })
const ranInput = z.object({ command: z.string().min(1) })

/** A small program that obeys a small language. It is for trying out Flotilla and no AI. */
export class PracticeAgent {
  permissionMode: PermissionMode = 'default'
  private readonly folder: Folder
  private memory: Memory = { lastFile: null, turns: 0 }
  private calls = 0
  private turn = new AbortController()
  private waiting: { key: string; resolve(answer: Answer | null): void } | null = null

  constructor(folder: Folder) {
    this.folder = folder
  }

  remember(session: string | null): void {
    try {
      if (session !== null) this.memory = memory.parse(JSON.parse(session))
    } catch {
      // Not a session of this agent: it begins anew.
    }
  }

  answer(answer: Answer): void {
    if (this.waiting?.key === answer.key) this.waiting.resolve(answer)
  }

  interrupt(): void {
    this.turn.abort()
    if (this.waiting !== null) {
      send({ type: 'withdrawn', key: this.waiting.key })
      this.waiting.resolve(null)
    }
  }

  /** Works through one message and says how it went. */
  async take(text: string, images: readonly Image[]): Promise<void> {
    this.turn = new AbortController()
    try {
      const said = [...lookAt(images), await this.work(text)].join('\n\n')
      await say(said, this.turn.signal)
      this.memory.turns++
      send({ type: 'session', id: JSON.stringify(this.memory) })
      send({ type: 'result', text: said })
    } catch (error) {
      if (!this.turn.signal.aborted) throw error
      send({ type: 'session', id: JSON.stringify(this.memory) })
      send({ type: 'result', interrupted: true })
    }
  }

  private async work(text: string): Promise<string> {
    const parsed = parseCommands(text)
    if (!parsed.ok)
      return parsed.hint === null ? this.introduction() : `I did not understand that. It goes: ${parsed.hint}`
    const said: string[] = []
    for (const command of parsed.commands) {
      this.turn.signal.throwIfAborted()
      try {
        said.push(await this.obey(command))
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        said.push(`${error.message}.${parsed.commands.length > 1 ? ' I stop here.' : ''}`)
        break
      }
    }
    return said.join('\n')
  }

  private introduction(): string {
    const known =
      this.memory.turns > 0
        ? 'I did not understand that.'
        : 'Hello. I am the practice agent: a small program, not an AI.'
    return `${known} I know these commands, one per line or joined by "then":\n\n${menu.map(line => `- ${line}`).join('\n')}`
  }

  private obey(command: Command): Promise<string> {
    switch (command.verb) {
      case 'list':
        return this.list(command.path)
      case 'read':
        return this.read(this.meant(command.path))
      case 'find':
        return this.find(command.text, command.path)
      case 'replace':
        return this.replace({ ...command, path: this.meant(command.path) })
      case 'write':
        return this.write({ path: this.meant(command.path), content: endLine(command.text) })
      case 'run':
        return this.run(command.command)
      case 'wait':
        return this.wait(command.seconds)
      case 'help':
        return Promise.resolve(this.introduction())
    }
  }

  /** "it" is the file that was last named. */
  private meant(path: string): string {
    if (!/^(it|that|the file)$/i.test(path)) return path
    if (this.memory.lastFile === null) throw new Problem('I do not know which file you mean; name it')
    return this.memory.lastFile
  }

  private async list(path: string | null): Promise<string> {
    const entries = await this.tool('List', 'search', path ?? '.', { path: path ?? '.' }, async () => {
      const entries = await this.folder.list(path)
      return { value: entries, text: entries.join('\n') || '(empty)' }
    })
    const where = path === null ? 'The folder' : path
    if (entries.length === 0) return `${where} is empty.`
    return `${where} holds ${count(entries.length, 'entry', 'entries')}: ${entries.slice(0, 10).join(', ')}${entries.length > 10 ? ' …' : ''}`
  }

  private async read(path: string): Promise<string> {
    const text = await this.tool('Read', 'read', path, { path }, async () => {
      const { text } = await this.folder.read(path)
      return { value: text, text }
    })
    this.memory.lastFile = path
    const lines = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length
    return `${path} has ${count(lines, 'line', 'lines')}.`
  }

  private async find(text: string, path: string | null): Promise<string> {
    const matches = await this.tool('Find', 'search', text, { text, path: path ?? '.' }, async () => {
      const matches = await this.folder.find(text, path, this.turn.signal)
      return { value: matches, text: matches.join('\n') || 'Nothing found' }
    })
    if (matches.length === 0) return `I found "${text}" nowhere.`
    return `I found "${text}" ${count(matches.length, 'time', 'times')}, first in ${matches[0]}`
  }

  private async write(asked: z.infer<typeof wroteInput>): Promise<string> {
    const before = await this.folder.readOrNull(asked.path)
    const done = await this.edit('Write', asked.path, 'wants to write a file', asked, async input => {
      const { path, content } = wroteInput.parse(input)
      return await this.change(path, content)
    })
    return done ?? `I would ${before.text === null ? 'make' : 'overwrite'} ${asked.path}, but in plan mode I only look.`
  }

  private async replace(command: Extract<Command, { verb: 'replace' }>): Promise<string> {
    const { find, replacement, path } = command
    const { text } = await this.folder.read(path)
    if (!text.includes(find)) throw new Problem(`"${find}" is not in ${path}`)
    const done = await this.edit(
      'Replace',
      path,
      'wants to change a file',
      { path, find, replacement },
      async input => {
        const wish = replacedInput.parse(input)
        const now = await this.folder.read(wish.path)
        return await this.change(wish.path, now.text.replaceAll(wish.find, wish.replacement))
      }
    )
    return done ?? `I would change "${find}" into "${replacement}" in ${path}, but in plan mode I only look.`
  }

  private async run(command: string): Promise<string> {
    if (this.permissionMode === 'plan') return `I would run \`${command}\`, but in plan mode I only look.`
    const id = this.announce('Run', 'command', command, { command })
    const allowed = await this.allowed(id, 'Run', 'wants to run a command', command, { command }, [
      'default',
      'acceptEdits'
    ])
    if ('refused' in allowed) return this.refused(id, allowed.refused)
    const wish = ranInput.parse(allowed.input).command
    const { text, exitCode } = await runShell(wish, this.turn.signal)
    send({ type: 'tool_result', id, text, exitCode, isError: exitCode !== 0 })
    return exitCode === 0 ? `\`${wish}\` went well.` : `\`${wish}\` ended with exit code ${exitCode}.`
  }

  private async wait(seconds: number): Promise<string> {
    await this.tool('Wait', 'other', `${seconds} s`, { seconds }, async () => {
      await sleep(Math.min(seconds, 3600) * 1000, null, { signal: this.turn.signal })
      return { value: null, text: 'Done waiting' }
    })
    return `I waited ${seconds} s.`
  }

  /** A change of a file: null in plan mode, else what was done or why not. */
  private async edit(
    tool: string,
    path: string,
    title: string,
    input: Input,
    act: (input: Input) => Promise<{ text: string; path: string; created: boolean; hunks: Hunk[] }>
  ): Promise<string | null> {
    if (this.permissionMode === 'plan') return null
    const id = this.announce(tool, 'edit', path, input)
    const allowed = await this.allowed(id, tool, title, path, input, ['default'])
    if ('refused' in allowed) return this.refused(id, allowed.refused)
    const { text, ...diff } = await this.attempt(id, () => act(allowed.input))
    this.memory.lastFile = path
    send({ type: 'tool_result', id, text, diff })
    return `${text}.`
  }

  private async change(path: string, content: string) {
    const before = await this.folder.readOrNull(path)
    await this.folder.write(path, content)
    const created = before.text === null
    const hunks = structuredPatch(path, path, before.text ?? '', content).hunks
    const readable = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      return { oldStart, oldLines, newStart, newLines, lines: lines.filter(line => !line.startsWith('\\')) }
    })
    return { text: `${created ? 'Made' : 'Changed'} ${path}`, path: before.path, created, hunks: readable }
  }

  private async tool<T>(
    name: string,
    kind: 'read' | 'search' | 'other',
    argument: string,
    input: Input,
    act: () => Promise<{ value: T; text: string }>
  ): Promise<T> {
    const id = this.announce(name, kind, argument, input)
    const { value, text } = await this.attempt(id, act)
    send({ type: 'tool_result', id, text })
    return value
  }

  private announce(
    tool: string,
    kind: 'read' | 'search' | 'edit' | 'command' | 'other',
    argument: string,
    input: Input
  ) {
    const id = `call-${this.memory.turns}-${++this.calls}`
    send({ type: 'tool_use', id, tool, kind, argument, input })
    return id
  }

  private async attempt<T>(id: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      const words = error instanceof Problem ? error.message : 'Stopped'
      send({ type: 'tool_result', id, text: words, isError: true })
      throw error instanceof z.ZodError ? new Problem('What was allowed is not something I can do') : error
    }
  }

  private async allowed(
    toolUseId: string,
    tool: string,
    title: string,
    subject: string,
    input: Input,
    asksIn: PermissionMode[]
  ): Promise<{ input: Input } | { refused: string }> {
    if (!asksIn.includes(this.permissionMode)) return { input }
    const key = `ask-${toolUseId}`
    const answer = await new Promise<Answer | null>(resolve => {
      this.waiting = { key, resolve }
      send({ type: 'approval', key, tool, toolUseId, title, subject, input })
    })
    this.waiting = null
    this.turn.signal.throwIfAborted()
    if (answer === null) return { refused: 'nobody answered' }
    return answer.allow ? { input: answer.input ?? input } : { refused: answer.message?.trim() || 'you refused' }
  }

  private refused(id: string, why: string): string {
    send({ type: 'tool_result', id, text: `Not done: ${why}`, isError: true })
    return `I left that, as ${why === 'you refused' ? why : `you said: ${why}`}.`
  }
}

/** It cannot see; it says what it was given. */
function lookAt(images: readonly Image[]): string[] {
  if (images.length === 0) return []
  const each = images.map(({ mediaType, data, name }) => {
    const bytes = Buffer.from(data, 'base64')
    const found = examineImage(bytes)
    const size = 'fault' in found ? 'damaged' : `${found.width} × ${found.height} pixels`
    return `- ${name ?? 'without a name'}: ${imageTypeWord(mediaType)}, ${size}, ${bytes.length.toLocaleString('en')} bytes`
  })
  return [`I was given ${count(images.length, 'image', 'images')}, and cannot see:\n\n${each.join('\n')}`]
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}
