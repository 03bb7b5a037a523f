import { scripted } from '../kit/mock-llm.ts'
import { askToRun, type Step, toolCall } from '../kit/play.ts'

const hunk = (lines: string[], from = 1) => ({
  oldStart: from,
  oldLines: lines.filter(line => !line.startsWith('+')).length,
  newStart: from,
  newLines: lines.filter(line => !line.startsWith('-')).length,
  lines
})

const read = (id: string, path: string, lines: number) =>
  toolCall(
    id,
    { tool: 'Read', kind: 'read', argument: path, input: { path } },
    { text: 'export const line = 1\n'.repeat(lines), durationMs: 90 }
  )

const bash = (id: string, command: string, text: string, exitCode: number, durationMs: number) =>
  toolCall(
    id,
    { tool: 'Bash', kind: 'command', argument: command, input: { command } },
    { text, exitCode, isError: exitCode !== 0, durationMs }
  )

const edit = (id: string, path: string, lines: string[], from: number) =>
  toolCall(
    id,
    { tool: 'Edit', kind: 'edit', argument: path, input: { path } },
    { diff: { path, hunks: [hunk(lines, from)] } }
  )

const failing = [
  '\u001b[31mFAIL\u001b[0m  test/refunds.idempotency.test.ts',
  '\u001b[31m×\u001b[0m replays the stored response for a repeated key \u001b[2m1204 ms\u001b[0m',
  '  AssertionError: expected 2 rows to equal 1',
  ...Array.from({ length: 38 }, (_, i) => `  \u001b[32m✓\u001b[0m case ${i + 1} of the refund table`)
].join('\n')

const fix = edit(
  'edit',
  'src/routes/refunds.ts',
  [
    ' export async function createRefund(req: Request) {',
    '-  const seen = await keys.find(req.idempotencyKey)',
    '-  return db.tx(async (t) => {',
    '+  return db.tx(async (t) => {',
    '+    const seen = await keys.claim(t, req.idempotencyKey)',
    '+    if (seen) return seen.response'
  ],
  88
)

const usage = (costUsd: number, contextUsed: number) => ({
  type: 'usage',
  inputTokens: 150_200,
  outputTokens: 34_000,
  costUsd,
  contextUsed,
  contextMax: 200_000
})

export const planned: Step[] = [
  { type: 'thinking', text: 'The commits since 2.3.0 say what the version must be.' },
  ...bash(
    'log',
    'git log --oneline v2.3.0..',
    '8c1f0a2 refunds: claim idempotency key in the transaction\n41be77d refunds: store response by key',
    0,
    900
  ),
  {
    type: 'text',
    text: 'Fourteen commits since 2.3.0. One of them, `9d20c55`, renames a header, so this is not a patch release. I’ll bump to **2.4.0**.'
  },
  usage(0.42, 48_000),
  { type: 'result', text: 'Planned.' }
]

const suite: Step[] = [
  {
    type: 'thinking',
    text: 'The suite covers refunds in two places; run those first so a failure shows early.',
    durationMs: 8000
  },
  ...read('r1', 'src/routes/refunds.ts', 214),
  ...bash('t1', 'npx vitest run refunds', failing, 1, 41_200),
  {
    type: 'text',
    text: 'The retry test inserts twice because the key is checked *before* the transaction opens. I’ll move the lookup inside and let the unique index decide.'
  },
  ...fix,
  ...bash('t2', 'npx vitest run', 'Tests  638 passed (638)', 0, 58_000),
  usage(1.26, 122_000)
]

export const waits: Step[] = [
  ...read('a', 'openapi.yaml', 80),
  ...read('b', 'src/keys/store.ts', 120),
  ...read('c', 'CHANGELOG.md', 40),
  ...toolCall(
    'todo',
    {
      tool: 'Todo',
      kind: 'todo',
      input: {
        todos: [
          { content: 'List commits since 2.3.0', status: 'completed' },
          { content: 'Write the changelog', status: 'completed' },
          { content: 'Run the full suite', status: 'in_progress' },
          { content: 'Dry-run the publish', status: 'pending' }
        ]
      }
    },
    {}
  ),
  ...suite,
  ...askToRun('publish', 'npm publish --dry-run --tag next')
]

export const published: Step[] = [
  ...suite,
  ...edit('log', 'CHANGELOG.md', [' # Changes', '+## 2.4.0', '+- Refunds accept an idempotency key'], 1),
  { type: 'error', message: 'The registry did not answer\nETIMEDOUT after 30 s.', code: 'NETWORK', retrying: true },
  ...bash(
    'p',
    'npm publish --dry-run --tag next',
    'npm notice package size:  48.2 kB\nnpm notice total files:   74\n+ storefront-api@2.4.0 \u001b[2m(dry run)\u001b[0m',
    0,
    6300
  ),
  {
    type: 'text',
    text: 'The dry run is clean. Three things to know before you publish:\n\n- The retry test was a real bug, not a flake. It is fixed in `src/routes/refunds.ts`.\n- The tarball grew by 2 kB, all of it the new key store.\n- `CHANGELOG.md` now lists the breaking header rename.'
  },
  usage(1.41, 132_000),
  { type: 'result', text: 'Published as a dry run.' }
]

export const refused: Step[] = [
  ...read('k', 'config/webhooks.json', 31),
  {
    type: 'error',
    message: 'The model refused the request: the key has no access to this model.',
    code: 'RATE_LIMITED'
  }
]

export const asks: Step[] = [
  { type: 'text', text: 'The zones differ per environment.' },
  {
    type: 'approval',
    key: 'q',
    kind: 'question',
    tool: 'Ask',
    title: 'has a question',
    input: {
      questions: [
        {
          question: 'Rotate the signing key now or after the freeze?',
          options: [{ label: 'Now' }, { label: 'After the freeze' }]
        }
      ]
    }
  },
  { answer: 'q' },
  { type: 'result', text: 'ok' }
]

export const works: Step[] = [
  { type: 'thinking', text: 'Where does the time go? The log has a time for each step.' },
  ...bash('ls', 'ls -la build', 'total 12\nnightly.log', 0, 120),
  { type: 'text', text: 'The log says that the type check runs **three times**. I look at the scripts.' },
  {
    type: 'tool_use',
    id: 'open',
    tool: 'Bash',
    kind: 'command',
    argument: 'npm run build -- --profile',
    input: { command: 'npm run build -- --profile' }
  },
  { answer: 'never' }
]

/** A call that a person is asked about before it works. */
const asked = (id: string, command: string, result: Record<string, unknown>): Step[] => {
  const [use, answer] = toolCall(id, { tool: 'Bash', kind: 'command', argument: command, input: { command } }, result)
  const request = { key: id, toolUseId: id, tool: 'Bash', title: 'wants to run a command', subject: command }
  return [use as Step, { type: 'approval', ...request, input: { command } }, { answer: id }, answer as Step]
}

/** Results of one line, and what people decided on the way. */
export const oneLiners: Step[] = [
  ...bash('date', 'date', 'Mon Nov 23 14:31:08 UTC 2026', 0, 60),
  ...bash('fails', 'test -f dist/index.js', 'exit status 1', 1, 80),
  ...asked('publish', 'npm publish --tag next', { text: '+ storefront-api@2.4.0', exitCode: 0 }),
  ...asked('clean', 'rm -rf build', { text: 'The person said no.', isError: true }),
  ...edit('one', 'package.json', ['-  "version": "2.3.0",', '+  "version": "2.4.0",'], 3),
  ...toolCall(
    'empty',
    { tool: 'Bash', kind: 'command', argument: 'true', input: { command: 'true' } },
    { exitCode: 0 }
  ),
  { type: 'result', text: 'ok' }
]

const long = `https://example.com/${'a-long-path/'.repeat(16)}`

/** Text that means to deceive, or only does not fit. */
export const hostileTitle = 'Release \u202egnp.exe <b>now</b> \ud83d\ude80 and do not stop'
export const hostile: Step[] = [
  { type: 'thinking', text: `The file \u202etxt.exe\u202c is ${long}` },
  ...bash(
    'rm',
    'rm \u202egpj.exe \u2066\u2069',
    `\u001b[31mnot\u001b[0m \u202erorre\u202c \u0008\u0007 ${'x'.repeat(600)}`,
    1,
    60
  ),
  {
    type: 'text',
    text: `<img src=x onerror=alert(1)> **bold \u202edlob** ${long}\n\n\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645 (hello) 3 + 4\n\n| a | ${'b'.repeat(120)} |\n|---|---|\n| 1 | 2 |`
  },
  ...edit('d', `src/${'deep/'.repeat(20)}file.ts`, [`-if (user) \u202e{`, `+if (admin) { // ${'y'.repeat(300)}`], 1),
  { type: 'result', text: 'ok' }
]

/** What the mock makes a real CLI do: think, run a command, and go on talking for a while. */
export const reallyWorks = `Find out what the folder holds\n${scripted(
  { think: 'The folder first, then its files.', tool: 'sh', cmd: 'ls -la' },
  { text: 'The folder is empty but for what I was told. '.repeat(20), slow: 400, ms: 1500 }
)}`
