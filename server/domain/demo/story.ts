/** What happens in a demo fleet, told by no clock: times are minutes before now. All of it is made up, and says so. */

const hour = 60
const day = 24 * hour

export interface DemoAgent {
  name: string
  team: string
  description: string
  model: string
}

/** One step of a run: a thought, words, or a tool with what came of it. */
export type DemoStep =
  | { kind: 'thinking' | 'assistant'; text: string }
  | {
      kind: 'tool'
      tool: string
      toolKind: 'read' | 'search' | 'command'
      argument: string
      text: string
      exit?: number
    }
  | { kind: 'edit'; path: string; from: number; lines: string[] }
  | { kind: 'asked'; command: string; allowed: boolean; waitedMinutes: number }

export interface DemoRun {
  agent: number
  prompt: string
  minutesAgo: number
  minutes: number
  steps: readonly DemoStep[]
  outcome: 'SUCCEEDED' | 'FAILED'
  words: string
  inputTokens: number
  outputTokens: number
  costUsd: number
  contextUsed: number
  /** Which task it executes. */
  task?: number
}

export interface DemoTask {
  title: string
  input: string
  agent: number | null
  epic: number | null
  priority: 'low' | 'normal' | 'high'
  minutesAgo: number
}

/** Runs that a runner really executes, on the practice agent: one waits, two ask. */
export interface DemoLive {
  agent: number
  prompt: string
}

export const demoContextMax = 200_000
const large = 'demo-large'
const small = 'demo-small'

export const demoAgents: readonly DemoAgent[] = [
  ['api-kestrel', 'Storefront', 'Keeps the refunds of the storefront API right', large],
  ['test-marlin', 'Storefront', 'Runs the suite and finds what is flaky', small],
  ['ui-lumen', 'Storefront', 'Looks after the checkout page', large],
  ['release-pilot', 'Platform', 'Prepares releases and never publishes one alone', large],
  ['infra-dory', 'Platform', 'Plans changes of the network', large],
  ['sec-beacon', 'Platform', 'Watches keys and who may use them', small],
  ['docs-quill', 'Handbook', 'Writes down what changed, for people', small],
  ['triage-tern', 'Handbook', 'Sorts what comes in', small]
].map(([name = '', team = '', what = '', model = small]) => ({
  name,
  team: `${team} (demo)`,
  description: `Demo agent. ${what}.`,
  model
}))

export const demoEpics = ['Demo: refunds without doubt', 'Demo: a calmer release'] as const

export const demoTasks: readonly DemoTask[] = [
  { title: 'Store refund responses by key', agent: 0, epic: 0, priority: 'high', minutesAgo: 2 * day },
  { title: 'Find the flaky refund test', agent: 1, epic: 0, priority: 'normal', minutesAgo: 2 * day - 50 },
  { title: 'Tell what changed in 2.4.0', agent: 6, epic: 1, priority: 'normal', minutesAgo: day },
  { title: 'Rotate the signing key', agent: 5, epic: 1, priority: 'high', minutesAgo: 300 },
  { title: 'Show the refund state in the checkout', agent: 2, epic: 0, priority: 'normal', minutesAgo: 200 },
  { title: 'Rehearse the rollback', agent: 3, epic: 1, priority: 'low', minutesAgo: 190 },
  { title: 'Decide who reviews the network plan', agent: null, epic: null, priority: 'low', minutesAgo: 180 }
].map(task => ({ ...task, priority: task.priority as DemoTask['priority'], input: `${task.title}. (Demo)` }))

export const demoLive: readonly DemoLive[] = [
  { agent: 3, prompt: 'run echo "Demo: this would publish 2.4.0"' },
  { agent: 4, prompt: 'run echo "Demo: this would split the public subnets"' },
  { agent: 0, prompt: 'wait 900' }
]

const read = (argument: string, text: string): DemoStep => ({
  kind: 'tool',
  tool: 'Read',
  toolKind: 'read',
  argument,
  text
})
const bash = (argument: string, text: string, exit = 0): DemoStep => ({
  kind: 'tool',
  tool: 'Bash',
  toolKind: 'command',
  argument,
  text,
  exit
})

const refund: readonly DemoStep[] = [
  {
    kind: 'thinking',
    text: 'The key is looked up outside of the transaction: two requests at once both find nothing.'
  },
  read(
    'src/routes/refunds.ts',
    'export async function createRefund(req: Request) {\n  const seen = await keys.find(req.key)'
  ),
  {
    kind: 'edit',
    path: 'src/routes/refunds.ts',
    from: 88,
    lines: [
      ' export async function createRefund(req: Request) {',
      '-  const seen = await keys.find(req.key)',
      '-  return db.tx(async t => {',
      '+  return db.tx(async t => {',
      '+    const seen = await keys.claim(t, req.key)',
      '+    if (seen) return seen.response'
    ]
  },
  bash('npm test -- refunds', '✓ replays the stored response for a repeated key\n✓ 41 other cases'),
  { kind: 'assistant', text: 'A repeated key now answers what was answered first, also when both come **at once**.' }
]
const suite: readonly DemoStep[] = [
  bash('npm test', '✓ 636 passed\n× 2 failed: refunds, webhooks', 1),
  {
    kind: 'tool',
    tool: 'Grep',
    toolKind: 'search',
    argument: 'setTimeout',
    text: 'test/webhooks.test.ts:41\ntest/webhooks.test.ts:58'
  },
  { kind: 'assistant', text: 'Both wait for a fixed time. They should wait for the answer instead.' }
]
const notes: readonly DemoStep[] = [
  bash(
    'git log --oneline v2.3.0..',
    '8c1f0a2 refunds: claim the key in the transaction\n41be77d refunds: store the response by key'
  ),
  { kind: 'asked', command: 'git tag v2.4.0-demo', allowed: true, waitedMinutes: 3 },
  { kind: 'assistant', text: 'Fourteen commits since 2.3.0. One renames a header, so this is **2.4.0**, not 2.3.1.' }
]
const key: readonly DemoStep[] = [
  read('config/keys.json', '{ "signing": "kid-2025-11" }'),
  { kind: 'asked', command: 'rm config/old-key.pem', allowed: false, waitedMinutes: 2 },
  { kind: 'assistant', text: 'The old key must stay until the tokens that it signed have run out.' }
]

const kinds = [
  { prompt: 'Store refund responses by key', steps: refund, words: 'Refunds are stored by key.', cost: 0.42 },
  { prompt: 'Find what makes the suite flaky', steps: suite, words: 'Two tests wait for a fixed time.', cost: 0.11 },
  { prompt: 'Tell what changed since the last release', steps: notes, words: 'The notes are written.', cost: 0.07 },
  {
    prompt: 'Look at who may use the signing key',
    steps: key,
    words: 'Two services use it; the old key stays.',
    cost: 0.19
  }
] as const

/** Ended runs of seven days, oldest first, the busier the nearer; every seventh of them failed. */
export const demoRuns: readonly DemoRun[] = Array.from({ length: 48 }, (_, i): DemoRun => {
  const kind = kinds[i % kinds.length] ?? kinds[0]
  const nth = 47 - i
  const failed = i % 7 === 5
  const task = taskOf(i)
  const weight = 1 + ((i * 7) % 5) / 2
  return {
    agent: (task === undefined ? null : demoTasks[task]?.agent) ?? (i * 5) % demoAgents.length,
    prompt: `${kind.prompt} (demo)`,
    // Thirty of them in the last eleven hours, the others over the days before.
    minutesAgo: nth < 30 ? 25 + nth * 22 : 12 * hour + (nth - 29) * 8 * hour,
    minutes: 6 + ((i * 11) % 15),
    steps: failed ? kind.steps.slice(0, 2) : kind.steps,
    outcome: failed ? 'FAILED' : 'SUCCEEDED',
    words: failed ? 'The model answered 529 (overloaded) three times' : kind.words,
    inputTokens: Math.round(42_000 * weight) + i * 310,
    outputTokens: Math.round(5200 * weight) + i * 17,
    costUsd: Math.round(kind.cost * weight * 100) / 100,
    contextUsed: Math.round(demoContextMax * (0.12 + ((i * 13) % 60) / 100)),
    ...(task === undefined ? {} : { task })
  }
})

/** Three tasks were done, by runs of their own kind. */
function taskOf(i: number): number | undefined {
  const at = [36, 41, 46].indexOf(i)
  return at < 0 ? undefined : at
}
