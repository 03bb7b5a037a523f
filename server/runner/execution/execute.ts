import { basename } from 'node:path'
import { whyNotHanded } from '#contract/fleet/handed-values'
import type { Assignment, Facts, Outcome } from '#contract/runners/runner-protocol'
import type { RunImage } from '#contract/runs/images'
import type { RunFailure } from '#contract/runs/runs'
import type { Environment } from '../machine/environment.ts'
import type { Batch, Reply } from '../outbox/batch.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { OpenPlaces } from '../places/open-places.ts'
import type { AgentProcess, LeftProcess, Place } from '../places/place.ts'
import { type Confidential, createRedactor, type Redactor, wordsOf } from '../redaction/redactor.ts'
import {
  type Adjustment,
  type AgentCommand,
  type AgentImage,
  type Answer,
  type Exit,
  type LaunchContext,
  RefusedLaunch,
  type Runtime,
  systemEvent
} from '../runtimes/runtime.ts'
import type { Attempt, Spool } from '../spool/spool.ts'
import { Conversation } from './conversation.ts'
import type { Daemons } from './daemons.ts'
import { FolderTrust } from './folder-trust.ts'
import { FollowedFiles } from './followed-files.ts'
import { fetchImages, type ImageSource } from './images.ts'
import { movedSession } from './moved-session.ts'
import { PlaceRequests } from './place-requests.ts'
import type { RunHandle } from './run-handle.ts'
import type { StartedAgents } from './started-agents.ts'

/** What executing a run needs from its surroundings. */
export interface Surroundings extends ImageSource {
  places: Pick<OpenPlaces, 'find' | 'end'>
  started: StartedAgents
  daemons: Pick<Daemons, 'keep' | 'stop'>
  spool: Spool
  silenceMs: number
  send(run: Attempt, batch: Batch): Promise<Reply>
  /** Of the runner itself: hidden from all it reports. */
  ownSecrets(): Environment
}

/** A program that says nothing for this long counts as started. */
const longestStartMs = 10_000
/** What takes longer than this before an agent is started is told. */
const unsaidMs = 300
/** Daemons of one run that are looked after. */
const maxDaemons = 100

type Stop = 'cancelled' | 'timed out' | 'overstayed' | 'abandoned'

interface Talk {
  runtime: Runtime
  context: LaunchContext
  agent: AgentProcess
  known: Facts & { cwd: string }
  requests: PlaceRequests
  images: readonly AgentImage[]
  /** It has started. */
  awake(): void
}

/** Executes one run from its folder to its outcome. */
export function execute(assignment: Assignment, surroundings: Surroundings): RunHandle {
  return new Execution(assignment, surroundings)
}

class Execution implements RunHandle {
  readonly run: Attempt
  private readonly assignment: Assignment
  readonly done: Promise<void>
  private readonly around: Surroundings
  private readonly stopping = new AbortController()
  private readonly now = new AbortController()
  private readonly outbox: Outbox
  private readonly trust = new FolderTrust()
  private files: FollowedFiles | null = null
  private redactor: Redactor
  private stop: Stop | null = null
  private gone = false
  private agentIsGone = false
  private endedByItself = false
  private ladder: Promise<void> = Promise.resolve()
  private conversation: Conversation | null = null
  private agent: { place: Place; process: AgentProcess; command: AgentCommand } | null = null
  private room = Promise.withResolvers<void>()

  constructor(assignment: Assignment, around: Surroundings) {
    this.assignment = assignment
    this.run = assignment
    this.around = around
    this.redactor = createRedactor({ secrets: around.ownSecrets() })
    this.outbox = this.createOutbox()
    this.done = this.live()
  }

  cancel(now: boolean): void {
    this.stopBecause('cancelled', now)
  }

  get abandoned(): boolean {
    return this.gone
  }

  get safe(): boolean {
    return this.agentIsGone && this.outbox.safe
  }

  abandon(): void {
    this.gone = true
    this.outbox.drop()
    this.stopBecause('abandoned', true)
  }

  clean(text: string): string {
    return this.redactor.text(text)
  }

  answer(answer: Answer): void {
    this.trust.answer(answer)
    this.conversation?.answer(answer)
  }

  lookForInput(interrupting: boolean): void {
    this.conversation?.lookForInput(interrupting)
  }

  adjust(adjustment: Adjustment): void {
    this.conversation?.adjust(adjustment)
  }

  resume(acked: number): void {
    this.outbox.resume(acked)
  }

  private createOutbox(): Outbox {
    return new Outbox({
      send: batch => this.around.send(this.assignment, batch),
      pauseMs: this.around.pauseMs,
      file: this.around.spool.file(this.assignment),
      redactor: { text: text => this.redactor.text(text), stream: () => this.redactor.stream() },
      onGone: () => this.abandon(),
      onForgotten: () => {
        this.trust.askAgain()
        this.conversation?.askAgain()
      },
      onRoom: () => {
        this.room.resolve()
        this.room = Promise.withResolvers()
      }
    })
  }

  private async live(): Promise<void> {
    const ending = await this.executed().catch(refusalEnding)
    await this.ladder
    this.agentIsGone = true
    if (!this.gone) await this.checkpoint('end')
    await this.outbox.close({ ...this.stoppedEnding(ending), ts: new Date().toISOString() })
  }

  private async executed(): Promise<Ending> {
    const place = this.around.places.find(this.assignment.place)
    const { cwd, workspace } = this.assignment
    // First of all: what may not be there needs no login shell, and no CLI that is installed.
    const folder = await place.folder(cwd, workspace)
    const preparing = place.runtimes.prepare(this.assignment.runtime)
    const { runtime, context, env, notes } = await this.waitFor(preparing, 'Waits for the login shell of the runner')
    this.redactor = createRedactor({ ...this.confidential(env), folder })
    for (const note of notes) this.outbox.push({ ...note, ts: new Date().toISOString() })
    const folderSettings = await this.trust.ask({
      runtime,
      files: place.files,
      folder,
      env: { ...env, ...this.assignment.env },
      push: item => this.outbox.push(item),
      stopped: this.stopping.signal
    })
    const { resume } = this.assignment
    const moved = await movedSession({ runtime, resume, folder, env, files: place.files })
    const launch = { ...context, folder, folderSettings, movedSession: moved }
    const command = runtime.command(this.assignment, launch)
    const images = await this.waitFor(this.fetch(this.assignment.images), 'Waits for the images of its prompt')
    this.files = new FollowedFiles(place.checkpoints, { folder, runId: this.run.runId, alone: cwd === null })
    const first = await this.waitFor(this.files.begin(this.stopping.signal), 'Takes a checkpoint of its files')
    const known = { cwd: folder, ...(first && { checkpoint: first }) }
    const entering = place.turn(this.stopping.signal)
    const leave = await this.waitFor(entering, 'Waits until other agents have started')
    const awake = setTimeout(leave, longestStartMs)
    try {
      const given = { ...env, ...this.assignment.env }
      const agent = await this.start(place, command, folder, given)
      const requests = new PlaceRequests({ place, folder, env: given, runId: this.run.runId })
      return await this.talk({ runtime, context: launch, agent, known, requests, images, awake: leave })
    } finally {
      clearTimeout(awake)
      leave()
    }
  }

  private async checkpoint(kind: 'turn' | 'end'): Promise<void> {
    const checkpoint = await this.files?.take(kind)
    if (checkpoint) this.outbox.push({ type: 'facts', facts: { checkpoint } })
  }

  private confidential(environment: Environment): Confidential {
    const { env, mcpServers } = this.assignment
    const given = mcpServers.flatMap(server =>
      Object.entries(wordsOf(server)).map(([name, value]) => [`${server.name} ${name}`, value])
    )
    return { environment, secrets: { ...env, ...this.around.ownSecrets() }, variables: Object.fromEntries(given) }
  }

  private async waitFor<T>(what: Promise<T>, words: string): Promise<T> {
    const timer = setTimeout(() => this.outbox.push({ type: 'reason', reason: words }), unsaidMs)
    return await what.finally(() => clearTimeout(timer))
  }

  private fetch(images: readonly RunImage[]): Promise<AgentImage[]> {
    return fetchImages(this.around, this.run, images, this.stopping.signal)
  }

  private async start(place: Place, command: AgentCommand, cwd: string, env: Environment): Promise<AgentProcess> {
    const { runId } = this.assignment
    for (const [name, value] of Object.entries(this.assignment.env)) {
      const why = whyNotHanded(name, value)
      if (why !== null) throw new RefusedLaunch('SPAWN_FAILED', `A secret cannot be given to the agent: ${why}`)
    }
    this.around.started.add(this.assignment)
    try {
      const process = await place.start({ command, cwd, env, runId })
      this.agent = { place, process, command }
      return process
    } catch (error) {
      throw new RefusedLaunch('SPAWN_FAILED', spawnFailure(command.file, error))
    }
  }

  private async talk({ runtime, context, agent, known, requests, images, awake }: Talk): Promise<Ending> {
    this.outbox.push({ type: 'started', ts: new Date().toISOString() })
    this.outbox.push({ type: 'facts', facts: known })
    const driver = runtime.driver({ ...this.assignment, cwd: known.cwd }, context)
    const conversation = new Conversation({
      agent,
      driver: driver,
      outbox: this.outbox,
      requests,
      images,
      fetchImages: more => this.fetch(more),
      beforeTurn: () => this.checkpoint('turn'),
      title: this.assignment.command === null ? runtime.title : basename(this.assignment.command.program),
      timeoutSeconds: this.assignment.timeoutSeconds,
      silenceMs: this.around.silenceMs,
      room: () => this.room.promise,
      onAwake: awake,
      onTimeout: () => this.stopBecause('timed out', false),
      onOverstay: () => this.stopBecause('overstayed', false)
    })
    this.conversation = conversation
    // A stop may have come while the process was being started.
    if (this.stop !== null) this.climb()
    void agent.exited.then(() => {
      this.endedByItself = this.stop === null
    })
    const stderr = await conversation.hold()
    await requests.end()
    // From here on its pid may be somebody else's.
    this.conversation = null
    await conversation.turned
    const exit: Exit = { ...(await agent.exited), stderr }
    const ending = driver.end(exit)
    if (this.stop === null) await this.settle(agent, ending)
    return ending
  }

  /** Nothing of a run outlives it, but for what its agent started for that. */
  private async settle(agent: AgentProcess, ending: Ending): Promise<void> {
    if (ending.error?.code === 'AGENT_CRASHED') return await agent.kill(1000)
    const { ended, daemons } = await agent.settle()
    this.say('left-behind', 'Ended with the run, because the agent left it behind', ended)
    this.say('daemons', 'Goes on after the run, in a session of its own', daemons)
    const cleaned = daemons.map(one => ({ ...one, command: this.redactor.text(one.command) }))
    this.around.daemons.keep(this.assignment, cleaned.slice(0, maxDaemons))
  }

  private say(subtype: string, words: string, processes: readonly LeftProcess[]): void {
    if (processes.length === 0) return
    const names = processes.slice(0, 10).map(({ pid, command }) => `${command || 'a process'} (pid ${pid})`)
    const more = processes.length > names.length ? ` and ${processes.length - names.length} more` : ''
    const message = `${words}: ${names.join(', ')}${more}`
    this.outbox.push({ ...systemEvent(subtype, message), ts: new Date().toISOString() })
  }

  private stopBecause(why: Stop, now: boolean): void {
    if (now) this.now.abort()
    // What comes after its exit changes nothing of how it ended.
    if (this.stop !== null || this.endedByItself) return
    this.stop = why
    this.stopping.abort(new RefusedLaunch('CANCELLED', 'Stopped before it started'))
    if (this.conversation !== null) this.climb()
  }

  private climb(): void {
    const { agent, conversation } = this
    if (agent === null || conversation === null) return
    this.ladder = agent.place.stop(agent.process, {
      ask: () => {
        const asked = conversation.interrupt()
        conversation.hangUp()
        return asked
      },
      signal: agent.command.stopSignal,
      now: this.now.signal
    })
  }

  /** Who stopped a run decides how it ended; what a run had finished before stays finished. */
  private stoppedEnding(ending: Ending): Ending {
    switch (this.stop) {
      case 'cancelled':
      case 'abandoned':
        return { outcome: 'CANCELLED', result: null, error: null }
      case 'timed out': {
        const message = `Stopped after ${this.assignment.timeoutSeconds} s of work, the limit of this run`
        return { outcome: 'TIMED_OUT', result: null, error: { code: 'TIMED_OUT', message } }
      }
      case 'overstayed':
      case null:
        return ending
    }
  }
}

function spawnFailure(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ENOENT') return `${file} was not found on the runner. Give its absolute path, or put it on the PATH.`
  if (code === 'EACCES') return `${file} is not a program that the runner may start. Check its permissions.`
  if (code === 'E2BIG')
    return `${file} cannot be started: its arguments and its environment together are more than this system hands to a process. Give it less, or the prompt through stdin.`
  if (code === 'ERR_INVALID_ARG_VALUE')
    return `${file} cannot be started: an argument or a variable holds a NUL character, which no process can be given`
  return `${file} cannot be started: ${error instanceof Error ? error.message : String(error)}`
}

interface Ending {
  outcome: Outcome
  result: string | null
  error: RunFailure | null
}

function refusalEnding(error: unknown): Ending {
  const code = error instanceof RefusedLaunch ? error.code : 'SPAWN_FAILED'
  const message = error instanceof Error ? error.message : String(error)
  return { outcome: 'FAILED', result: null, error: { code, message } }
}
