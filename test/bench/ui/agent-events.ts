import type { Draft } from '../../kit/runner-client.ts'

const words = 'The test fails since the fixture is read before the folder is there; I will wait for the folder first. '
const output = Array.from(
  { length: 12 },
  (_, line) => `\u001b[3${line % 7}m✓\u001b[0m step ${line} took ${line * 7} ms`
).join('\n')

type Shape = (n: number) => Draft[]

const event = (kind: 'assistant' | 'thinking' | 'tool_use' | 'tool_result', message: string, data = {}): Draft => ({
  type: 'event',
  kind,
  message,
  data
})

function call(
  kind: 'read' | 'command' | 'edit',
  tool: string,
  argument: string,
  result: Record<string, unknown>
): Shape {
  return n => [
    event('tool_use', '', {
      toolUseId: `t${n}`,
      tool,
      toolKind: kind,
      argument: `${argument}${n % 97}`,
      input: { argument }
    }),
    event('tool_result', '', { toolUseId: `t${n}`, isError: false, text: output, durationMs: 40, ...result })
  ]
}

const hunks = [
  { oldStart: 1, oldLines: 2, newStart: 1, newLines: 2, lines: [' const a = 1', '-let b = 2', '+const b = 3'] }
]

/** What an agent at work says, in about the proportions of recorded sessions. */
const shapes: Shape[] = [
  () => [event('thinking', words)],
  call('read', 'Read', 'src/routes/refunds.ts', {}),
  call('read', 'Read', 'src/keys/store.ts', {}),
  call('command', 'Bash', 'npx vitest run ', { exitCode: 0 }),
  n => [event('assistant', `${words}\n\n- **one** of ${n}\n- \`two\`\n`)],
  call('edit', 'Edit', 'src/file.ts', { diff: { path: 'src/file.ts', created: false, hunks } }),
  call('command', 'Bash', 'npm test ', { exitCode: 1, isError: true })
]

/** Never ends: the same agent can be asked for a hundred events or for a hundred thousand. */
export function* agentEvents(): Generator<Draft> {
  for (let n = 1; ; n++) yield* shapes[n % shapes.length]?.(n) ?? []
}
