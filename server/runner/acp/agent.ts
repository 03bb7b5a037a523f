import type { PermissionMode, RunFailure } from '#contract/runs/runs'
import type { Exit } from '../runtimes/runtime.ts'
import type { Prompted, PromptUsage } from './protocol.ts'

/** In which of an agent's own modes it asks us for permission, and in which it plans; the first that it has is taken. */
export type Modes = Readonly<Record<'asks' | 'plans', readonly string[]>>

/** What differs between the agents that speak ACP. */
export interface AcpAgent {
  /** In words for a person. */
  title: string
  modes: Modes
  /** Whether it reads, writes and starts programs through us, or by itself. */
  usesPlace: boolean
  /** Its model was chosen when it was started, and is for good. */
  modelIsGiven: boolean
  /** Why it is handed no MCP servers, in words for a person; null: it is. */
  noServers: string | null
  /** How it goes on in a session; a name for `session/load` where that is all it can. */
  resume: 'resume' | { load(sessionId: string): string }
  /** What a tool is called, where the id of its call tells. */
  toolName(callId: string): string | null
  /** Whether this tool shows a plan and asks to start; where it does not say so itself. */
  isPlan(tool: string): boolean
  /** Text of its that is no word of the model. */
  isNoise(text: string): boolean
  /** Tokens and model of a prompt, where they are told in its own way. */
  usage(prompted: Prompted): { usage: PromptUsage | null; model: string | null }
  /** What an exit without a result means; null: nothing in particular. */
  exit(exit: Exit): RunFailure | null
}

/** Our permission modes, as what the agent's own mode has to do. */
export function ownMode(mode: PermissionMode): keyof Modes {
  return mode === 'plan' ? 'plans' : 'asks'
}
