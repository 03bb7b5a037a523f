import type { Assignment, Facts, RunItem } from '#contract/runners/runner-protocol'
import type { RuntimeDescription } from '#contract/runners/runners'
import type { Delta, ErrorEventData, SystemEventData, ToolResultData, ToolUseData } from '#contract/runs/events'
import type { ImageType } from '#contract/runs/image-content'
import type { PermissionMode, RunFailure, TokenUsage } from '#contract/runs/runs'
import type { SettingsAct } from '#contract/runs/trust'
import type { PlaceReply, PlaceRequest } from './requests.ts'

/** A file that shows that a CLI is signed in. `key` is a dotted path that must be present in the JSON or TOML. */
export interface SignInFile {
  /** Variable that names the folder; without it the folder is `home` under the user's home. */
  variable: string | null
  home: string
  file: string
  key: string | null
}

/** What to look for to know whether a CLI is signed in, and what to tell a person when it is not. */
export interface SignIn {
  variables: readonly string[]
  files: readonly SignInFile[]
  /** What says that the credential is kept where it cannot be seen without asking the user. */
  unseen?: readonly SignInFile[]
  /** Platforms that keep the credential where it cannot be seen without asking the user. */
  hiddenOn: readonly NodeJS.Platform[]
  /** Words for a person; `cli` is the path of the CLI. */
  how(cli: string): string
}

/** A CLI that a runtime drives: how it is found, judged and installed. */
export interface Cli {
  names: readonly string[]
  minimumVersion: string
  /** npm package and the major version that this code was measured with. */
  install: { package: string; major: number }
  /** Set whenever it is started, also when it is asked for its version. */
  env?: Record<string, string>
  signIn: SignIn
}

export interface LaunchContext {
  /** Path of the CLI; null for runtimes without one. */
  cli: string | null
  node: string
  practiceAgent: string
  /** Of the run: absolute, as the agent sees it. */
  folder: string
  /** Whether settings that lie in the folder of the run take effect. */
  folderSettings: boolean
  /** File of the session to continue, where that was in another folder; see `Runtime.sessions`. */
  movedSession: string | null
  /** Running as root or with sudo, on a machine that does not call itself a sandbox. */
  unsandboxedRoot: boolean
}

export interface AgentCommand {
  file: string
  args: string[]
  env: Record<string, string>
  /** What a polite stop looks like to this program. */
  stopSignal: 'SIGINT' | 'SIGTERM'
}

type ApprovalItem = Extract<RunItem, { type: 'approval' }>

/** Where a text lies: its block, of which deltas were seen, and the sub-agent's call it stands in. */
type TextData = { block?: string | null | undefined; parent?: string | null | undefined }

type UsageData = {
  usage: TokenUsage
  costUsd: number | null
  turns?: number
  durationMs?: number
}

/** An event of a kind that runtimes tell, with exactly the data that this kind has. */
export type EventSignal = { type: 'event'; message: string } & (
  | { kind: 'assistant'; data: TextData }
  | { kind: 'thinking'; data: TextData }
  | { kind: 'tool_use'; data: ToolUseData }
  | { kind: 'tool_result'; data: ToolResultData }
  | { kind: 'usage'; data: UsageData }
  | { kind: 'system'; data: SystemEventData }
  | { kind: 'error'; data: ErrorEventData }
)

/** What a driver wants to happen. `n` and `ts` are added where items leave the runner. */
export type Signal =
  | EventSignal
  | { type: 'facts'; facts: Facts }
  | { type: 'reason'; reason: string | null }
  | ({ type: 'approval' } & Omit<ApprovalItem, 'type' | 'n' | 'ts'>)
  | { type: 'withdrawn'; key: string }
  | { type: 'delta'; delta: Delta }
  /** Output outside of the protocol; kept up to a limit. */
  | { type: 'output'; subtype: 'output' | 'stderr'; text: string }
  /** One line for the agent's stdin. */
  | { type: 'write'; line: string }
  /** The agent asks something of its place; `replied` follows, with the same key, once. */
  | { type: 'request'; key: string; request: PlaceRequest }
  /**
   * The agent finished a turn and could read another message. `open`: it is not done, for work of its goes on beside the
   * conversation; it may begin a turn by itself.
   */
  | { type: 'turn'; open?: boolean }
  /** It began a turn by itself. */
  | { type: 'working' }
  /** Ask `alarm` after so long; one that was set before is forgotten. */
  | { type: 'alarm'; ms: number }
  /** Nothing more will be said to the agent: close its stdin. */
  | { type: 'over' }

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
  /** Last lines of stderr. */
  stderr: string
}

export interface Ending {
  outcome: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'
  result: string | null
  error: RunFailure | null
}

export interface Answer {
  key: string
  allow: boolean
  /** Replaces what the agent asked for; null: as asked. */
  input: Record<string, unknown> | null
  message: string | null
}

export interface Adjustment {
  permissionMode: PermissionMode | null
  model: string | null
}

/** An image that came with a prompt or message. */
export interface AgentImage {
  mediaType: ImageType
  /** Base64. */
  data: string
  name: string | null
}

/** Speaks with one agent process in its own protocol: pure, it remembers but never touches the world. */
export interface Driver {
  /** Begins with the prompt, and what came with it; only runtimes that take images get any. */
  start(images?: readonly AgentImage[]): Signal[]
  /** Lines of stdout that arrived together. */
  lines(batch: string[]): Signal[]
  /** Lines of stderr that arrived together. */
  errorLines(batch: string[]): Signal[]
  answer(answer: Answer): Signal[]
  message(text: string, images?: readonly AgentImage[]): Signal[]
  interrupt(): Signal[]
  adjust(adjustment: Adjustment): Signal[]
  /** The time that was asked for has passed. */
  alarm(): Signal[]
  /** What its place answered; only for drivers that request something. */
  replied?(key: string, reply: PlaceReply): Signal[]
  /** What the run came to, once the process has ended by itself. */
  end(exit: Exit): Ending
}

/** Files that a runtime reads by itself where it works. */
export interface SettingsSource {
  /** From the folder of the run: a file, or with `below` all files with these endings in a folder, however deep. */
  path: string
  below?: readonly string[]
  /** It is looked for in the folders above, too. */
  above: boolean
}

export interface FoundFile {
  /** Seen from the folder of the run, with `/`. */
  path: string
  text: string
}

/** What of a folder a runtime lets take effect unasked, and how that is known. Its command must be able to leave it out. */
export interface FolderSettings {
  sources: readonly SettingsSource[]
  /** Where the user's own settings lie, which are never asked about: a variable, or this folder in their home. */
  own: { variable: string; home: string }
  /** Variable that stands for the folder of the run in what the settings name. */
  root: string
  /** What in it would run code, redirect requests or widen permissions. Pure; what it does not know, it tells. */
  acts(file: FoundFile): SettingsAct[]
}

/**
 * Where a runtime keeps its sessions, when it knows them by the folder that they were in: a file of each, in a folder for
 * each of those. It must be able to go on in a copy of one that is told by its file.
 */
interface Sessions {
  /** As in `FolderSettings`. */
  own: { variable: string; home: string }
  /** In there: holds a folder for each folder that agents worked in. */
  folder: string
  file(sessionId: string): string
}

/** A kind of program that does the work of agents. All that the product knows of it is what it says of itself here. */
export interface Runtime extends RuntimeDescription {
  /** null: the program comes with the run or with the runner. */
  cli: Cli | null
  /** null: it reads nothing in the folder by itself. */
  folderSettings: FolderSettings | null
  /** null: it finds a session by its id alone, wherever it works. */
  sessions: Sessions | null
  /** Throws RefusedLaunch when the assignment cannot work here. */
  command(assignment: Assignment, context: LaunchContext): AgentCommand
  /** For the process that `command` was made for, with the same context. */
  driver(assignment: Assignment, context: LaunchContext): Driver
}

/** What a runtime says of itself, without what only a runner can use. */
export function describe(runtime: Runtime): RuntimeDescription {
  const { id, title, kind, note, provider, meter, outputs, capabilities } = runtime
  return { id, title, kind, note, provider, meter, ...(outputs && { outputs }), capabilities }
}

/** A run that must not be started; becomes its failure as it is. */
export class RefusedLaunch extends Error {
  override name = 'RefusedLaunch'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export function systemEvent(
  subtype: string,
  message: string,
  data: Record<string, unknown> = {}
): Extract<Signal, { type: 'event' }> {
  return { type: 'event', kind: 'system', message, data: { ...data, subtype } }
}

export function failed(code: string, message: string): Ending {
  return { outcome: 'FAILED', result: null, error: { code, message } }
}

/** For a process that ended without saying how its work came out. */
export function endedWithoutResult(title: string, exit: Exit): Ending {
  const said = exit.stderr.trim() === '' ? '' : `:\n${exit.stderr.trim()}`
  if (exit.signal !== null) return failed('AGENT_CRASHED', `${title} was ended by ${exit.signal}${said}`)
  if (exit.code !== 0) return failed('AGENT_CRASHED', `${title} ended with exit code ${exit.code}${said}`)
  return failed('NO_RESULT', `${title} ended without a result${said}`)
}
