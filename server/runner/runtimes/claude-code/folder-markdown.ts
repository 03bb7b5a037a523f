import type { SettingsAct } from '#contract/runs/trust'
import { actOf } from '../folder-acts.ts'
import type { FoundFile } from '../runtime.ts'

/** What the head of an agent, a command or a skill may hold that acts by itself. */
const keys: Record<string, (file: FoundFile, line: string) => SettingsAct> = {
  hooks: (file, line) => actOf(file, 'hook', 'Hooks act while it is used', line),
  mcpServers: (file, line) => actOf(file, 'mcp', 'MCP servers are started while it is used', line),
  permissionMode: (file, line) => actOf(file, 'permission', 'It works in a permission mode of its own', line),
  'allowed-tools': (file, line) => actOf(file, 'permission', 'It uses tools without asking', line),
  allowedTools: (file, line) => actOf(file, 'permission', 'It uses tools without asking', line)
}

/** Agents, commands and skills are words, but for their head and for commands that run before they are read. */
export function markdownActs(file: FoundFile): SettingsAct[] {
  const { head, body } = halves(file.text)
  const heads = head.flatMap(line => [
    ...[...line.matchAll(/([\w-]+)["']?\s*:/g)].flatMap(([, key = '']) => keys[key]?.(file, line.trim()) ?? []),
    // A key may be written so that we do not find it.
    ...(/\\[xuU]/.test(line) ? [actOf(file, 'other', 'Something is written in escapes', line.trim())] : [])
  ])
  const commands = body.flatMap(line =>
    [...line.matchAll(/!`([^`]+)`/g)].map(([, command]) =>
      actOf(file, 'hook', 'A command runs when it is used', command ?? '')
    )
  )
  const blocks = body.filter(line => /^\s*```!/.test(line))
  return [
    ...heads,
    ...commands,
    ...blocks.map(line => actOf(file, 'hook', 'Commands run when it is used', line.trim()))
  ]
}

function halves(text: string): { head: string[]; body: string[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines[0]?.trim() !== '---') return { head: [], body: lines }
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === '---')
  return end === -1 ? { head: lines.slice(1), body: lines } : { head: lines.slice(1, end), body: lines.slice(end + 1) }
}
