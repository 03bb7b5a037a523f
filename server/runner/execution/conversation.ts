import type { RunImage } from '#contract/runs/images'
import type { NewItem } from '../outbox/leaving-item.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { AgentProcess } from '../places/place.ts'
import {
  type Adjustment,
  type AgentImage,
  type Answer,
  type Driver,
  type Signal,
  systemEvent
} from '../runtimes/runtime.ts'
import { createLineReader } from './lines.ts'
import type { PlaceRequests } from './place-requests.ts'
import { Silence } from './silence.ts'
import { Stopwatch } from './stopwatch.ts'

/** Output outside of the protocol that one run keeps, in events. */
const keptOutput = 200
const keptStderrLines = 20
const keptStderrChars = 4000
/** After the process is gone, how long its output may stay silent before we stop waiting for its end. */
const trailingMs = 500
/** And how long it is read at most: what it left may print for ever. */
const longestTrailMs = 3000
/** After its last turn an agent gets this long, in silence, to leave by itself. */
const leavingMs = 15_000

export interface ConversationOptions {
  agent: AgentProcess
  driver: Driver
  outbox: Outbox
  requests: Pick<PlaceRequests, 'answer'>
  /** What came with the prompt. */
  images: readonly AgentImage[]
  /** Those of a later message. Rejects in words for a person. */
  fetchImages(images: readonly RunImage[]): Promise<AgentImage[]>
  /** Awaited between two turns, before the agent reads the next message. */
  beforeTurn(): Promise<void>
  /** Of the agent, in words for a person. */
  title: string
  timeoutSeconds: number | null
  /** Silence of the agent that is worth telling. */
  silenceMs: number
  /** Resolves when the outbox has room again. */
  room(): Promise<void>
  onTimeout(): void
  /** It was told that nothing more will come, and stays. */
  onOverstay(): void
  /** First output. */
  onAwake(): void
}

/** Carries what a driver wants to and from its process, and what it says to the outbox. */
export class Conversation {
  private readonly options: ConversationOptions
  private readonly silence: Silence
  private readonly limit: Stopwatch | null
  private readonly asking = new Map<string, NewItem>()
  private readonly lastErrors: string[] = []
  private outputs = 0
  /** It was said that it starts, and nothing else since. */
  private starting = false
  private over = false
  private exited = false
  /** Between two turns, while the agent is not done. */
  private idle = false
  private alarm: NodeJS.Timeout | undefined
  private leaving: NodeJS.Timeout | undefined
  private lastChunkAt = 0
  private waitingForRoom = false
  /** When to stop reading what comes after the exit. */
  private readUntil = Number.POSITIVE_INFINITY
  private turning: Promise<void> = Promise.resolve()

  constructor(options: ConversationOptions) {
    this.options = options
    const { timeoutSeconds, silenceMs, onTimeout } = options
    this.silence = new Silence(reason => this.push({ type: 'reason', reason }), silenceMs)
    this.limit = timeoutSeconds === null ? null : new Stopwatch(timeoutSeconds * 1000, onTimeout)
  }

  /** Talks until the process is gone and its output is read. Resolves to the last lines of stderr. */
  async hold(): Promise<string> {
    const { agent, driver } = this.options
    this.limit?.run()
    this.silence.heard()
    this.push({ type: 'reason', reason: `Starting ${this.options.title}` })
    this.starting = true
    this.apply(driver.start(this.options.images), false)
    const reading = Promise.all([
      this.read(agent.stdout, batch => this.apply(driver.lines(batch))),
      this.read(agent.stderr, batch => this.heardErrors(batch))
    ])
    await agent.exited
    this.exited = true
    this.readUntil = performance.now() + longestTrailMs
    this.stopClocks()
    const impatience = setInterval(() => this.stopReadingWhenSilent(), trailingMs)
    await reading
    clearInterval(impatience)
    this.tellDropped()
    return this.lastErrors.join('\n').slice(-keptStderrChars)
  }

  /** Resolves when it is known whether another message follows the last turn. */
  get turned(): Promise<void> {
    return this.turning
  }

  answer(answer: Answer): void {
    this.apply(this.options.driver.answer(answer))
    this.answered(answer.key)
  }

  /** The control plane does not know any more what waits for an answer. */
  askAgain(): void {
    for (const item of this.asking.values()) this.push(item)
  }

  /** False: this agent cannot be asked. */
  interrupt(): boolean {
    const signals = this.options.driver.interrupt()
    this.apply(signals)
    return signals.length > 0
  }

  /** Input waits: an agent between two turns reads it at once, another one is interrupted or asks when its turn ends. */
  lookForInput(interrupting: boolean): void {
    if (this.idle) this.endTurn(true)
    else if (interrupting) this.interrupt()
  }

  adjust(adjustment: Adjustment): void {
    this.apply(this.options.driver.adjust(adjustment))
  }

  /** Nothing more will be said to it. */
  hangUp(): void {
    this.over = true
    this.options.agent.closeStdin()
  }

  private stopClocks(): void {
    this.limit?.pause()
    this.silence.stop()
    clearTimeout(this.leaving)
    clearTimeout(this.alarm)
  }

  private async read(stream: AsyncIterable<Buffer> & { destroy(): void }, take: (batch: string[]) => void) {
    const lines = createLineReader(bytes => this.tellSkipped(bytes))
    try {
      for await (const chunk of stream) {
        this.heard()
        const batch = lines.push(chunk)
        if (batch.length > 0) take(batch)
        await this.waitForRoom()
      }
    } catch {
      // Cut off: a process that the agent left behind held its output open.
    }
    const rest = lines.end()
    if (rest.length > 0) take(rest)
  }

  private heard(): void {
    this.lastChunkAt = Date.now()
    this.options.onAwake()
    if (this.starting) this.push({ type: 'reason', reason: null })
    if (this.exited) return
    // What it waits for stands there already.
    if (!this.idle) this.silence.heard()
    if (this.leaving !== undefined) this.expectLeaving()
  }

  private async waitForRoom(): Promise<void> {
    if (!this.options.outbox.full) return
    this.waitingForRoom = true
    const since = performance.now()
    await this.options.room()
    this.readUntil += performance.now() - since
    this.waitingForRoom = false
    this.lastChunkAt = Date.now()
  }

  private stopReadingWhenSilent(): void {
    if (this.waitingForRoom) return
    if (Date.now() - this.lastChunkAt < trailingMs && performance.now() < this.readUntil) return
    this.options.agent.stdout.destroy()
    this.options.agent.stderr.destroy()
  }

  private heardErrors(batch: string[]): void {
    this.lastErrors.push(...batch.slice(-keptStderrLines))
    this.lastErrors.splice(0, this.lastErrors.length - keptStderrLines)
    this.apply(this.options.driver.errorLines(batch))
  }

  private apply(signals: Signal[], afterOutput = true): void {
    const ts = new Date().toISOString()
    for (const signal of signals) this.carry(signal, ts, afterOutput)
  }

  private carry(signal: Signal, ts: string, afterOutput: boolean): void {
    const { agent, outbox } = this.options
    switch (signal.type) {
      case 'event':
        this.push({ ...signal, ts })
        break
      case 'facts':
      case 'reason':
        this.push(signal)
        break
      case 'approval':
        this.asked(signal.key, { ...signal, ts })
        break
      case 'withdrawn':
        this.answered(signal.key)
        this.push({ ...signal, ts })
        break
      case 'delta':
        outbox.delta(signal.delta)
        break
      case 'output':
        this.output(signal)
        break
      case 'write':
        agent.write(signal.line)
        break
      case 'request':
        void this.ask(signal)
        break
      case 'turn':
        if (!this.over && !this.exited) this.endTurn(signal.open ?? false)
        break
      case 'working':
        this.idle = false
        this.silence.heard()
        break
      case 'alarm':
        this.setAlarm(signal.ms)
        break
      case 'over':
        this.hangUp()
        if (afterOutput) this.expectLeaving()
        break
    }
  }

  private async ask({ key, request }: Extract<Signal, { type: 'request' }>): Promise<void> {
    const reply = await this.options.requests.answer(request)
    if (!this.exited) this.apply(this.options.driver.replied?.(key, reply) ?? [])
  }

  private push(item: NewItem): void {
    if (item.type === 'reason') this.starting = false
    this.options.outbox.push(item)
  }

  private setAlarm(ms: number): void {
    clearTimeout(this.alarm)
    if (!this.exited) this.alarm = setTimeout(() => this.apply(this.options.driver.alarm()), ms)
  }

  /** One after the other: an answer is for the turn that asked. */
  private endTurn(open: boolean): void {
    this.idle = open
    this.silence.stop()
    this.turning = this.turning.then(() => this.askForNext(open))
  }

  private async askForNext(open: boolean): Promise<void> {
    if (this.over) return
    const next = await this.options.outbox.endTurn(new Date().toISOString(), open)
    if (this.over) return
    if (next !== null) {
      const images = await this.options.fetchImages(next.images).catch(error => this.tellMissing(error))
      await this.options.beforeTurn()
      if (this.over) return
      this.idle = false
      if (!this.exited) this.silence.heard()
      // Also when the agent has left: its last result is no answer to this message.
      this.apply(this.options.driver.message(next.text, images))
      return
    }
    if (open || this.exited) return
    this.hangUp()
    this.expectLeaving()
  }

  private expectLeaving(): void {
    clearTimeout(this.leaving)
    if (!this.exited) this.leaving = setTimeout(this.options.onOverstay, leavingMs)
  }

  private asked(key: string, item: NewItem): void {
    this.asking.set(key, item)
    this.push(item)
    this.limit?.pause()
    this.silence.stop()
  }

  private answered(key: string): void {
    if (!this.asking.delete(key) || this.asking.size > 0 || this.exited) return
    this.limit?.run()
    if (!this.idle) this.silence.heard()
  }

  private output({ subtype, text }: Extract<Signal, { type: 'output' }>): void {
    this.outputs++
    if (this.outputs <= keptOutput) this.apply([systemEvent(subtype, text)])
  }

  /** The words are worth something without them. */
  private tellMissing(error: Error): AgentImage[] {
    const data = { code: 'IMAGE_MISSING', retrying: false }
    // One that was stopped meanwhile says nothing of it.
    if (!this.over) this.apply([{ type: 'event', kind: 'error', message: error.message, data }])
    return []
  }

  private tellSkipped(bytes: number): void {
    const message = `The agent wrote a line of ${bytes.toLocaleString('en')} bytes; lines this long are not read`
    this.apply([{ type: 'event', kind: 'error', message, data: { code: 'LINE_TOO_LONG', retrying: false } }])
  }

  private tellDropped(): void {
    const dropped = this.outputs - keptOutput
    if (dropped > 0) {
      this.apply([systemEvent('output', `${dropped.toLocaleString('en')} more pieces of output are not kept`)])
    }
  }
}
