import type { Mcp } from '#contract/fleet/mcps'
import { readCommandLine, writeCommandLine } from '../../lib/command-line.ts'

export interface Variable {
  name: string
  value: string
}

/** A server as it is typed. */
export interface McpDraft {
  name: string
  transport: Mcp['transport']
  commandLine: string
  url: string
  /** Of its environment, or headers; null: those of now stay. */
  variables: readonly Variable[] | null
}

export function draftOf(known: Mcp | undefined): McpDraft {
  return {
    name: known?.name ?? '',
    transport: known?.transport ?? 'stdio',
    commandLine: known?.command ? writeCommandLine([known.command, ...known.args]) : '',
    url: known?.url ?? '',
    variables: null
  }
}

/** For the API. What belongs to the other transport is taken back. */
export function bodyOf({ name, transport, commandLine, url, variables }: McpDraft) {
  const set =
    variables && Object.fromEntries(variables.filter(one => one.name !== '').map(one => [one.name, one.value]))
  const [command = null, ...args] = readCommandLine(commandLine) ?? []
  return transport === 'stdio'
    ? { name, transport, command, args, url: null, headers: {}, ...(set ? { env: set } : {}) }
    : { name, transport, url: url.trim(), command: null, args: [], env: {}, ...(set ? { headers: set } : {}) }
}

const reference = /^\{\{secret:([A-Z][A-Z0-9_]*)\}\}$/

/** The secret that a value is filled from; null: it is a value itself. */
export function secretOf(value: string): string | null {
  return reference.exec(value)?.[1] ?? null
}

export function fromSecret(key: string): string {
  return `{{secret:${key}}}`
}
