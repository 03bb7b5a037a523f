import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'
import { placeId } from '../place.ts'
import { type CommandSpec, commandSpec, type PermissionMode, permissionModes } from '../runs/runs.ts'

/** What a runtime can do; the UI offers nothing else. */
export const runtimeCapabilities = z.object({
  permissionModes: z.array(z.enum(permissionModes)),
  permissionNotes: z
    .partialRecord(z.enum(permissionModes), z.string().max(300))
    .optional()
    .describe('What a mode does, where that is not what it does elsewhere'),
  models: z.array(z.object({ id: z.string(), title: z.string() })),
  resume: z.boolean(),
  fork: z.boolean(),
  input: z.boolean().describe('Takes further messages while it runs'),
  interrupt: z.boolean(),
  changeWhileRunning: z.boolean().describe('Permission mode and model can change during a run'),
  oneTurnModes: z
    .array(z.enum(permissionModes))
    .optional()
    .describe('In these it takes no messages and changes nothing while it runs; a follow-up goes on in its session'),
  questions: z.boolean().default(false).describe('Asks a person to choose'),
  plan: z.boolean().default(false).describe('Shows a plan and waits for a yes'),
  images: z.boolean().default(false).describe('Takes images along with a prompt')
})
export type RuntimeCapabilities = z.infer<typeof runtimeCapabilities>

/** `agent`: an AI. `practice`: plays one, to try things out. `program`: whatever program a run names. */
export const runtimeKinds = ['agent', 'practice', 'program'] as const

/** What is true of a runtime wherever it runs. Nothing else in the product knows one runtime from another. */
export const runtimeDescription = z.object({
  id: z.string().max(64),
  title: z.string().max(100),
  kind: z.enum(runtimeKinds).default('agent'),
  note: z.string().max(300).nullable().default(null).describe('What it is, where its name does not say it'),
  provider: z.string().max(64).nullable().default(null).describe('Whose models it asks; null: nobody, or not known'),
  meter: z
    .object({
      price: z.boolean().describe('It says what it costs; otherwise the price table does'),
      cumulative: z.boolean().describe('What it says of a session counts on over its runs'),
      free: z
        .boolean()
        .default(false)
        .describe('It asks no model: its runs cost nothing, and no budget keeps them back')
    })
    .default({ price: false, cumulative: false, free: false }),
  outputs: z
    .array(commandSpec.shape.output.unwrap())
    .optional()
    .describe('Of a program: how a run may say that it is read; not there: it speaks one protocol'),
  capabilities: runtimeCapabilities
})
export type RuntimeDescription = z.infer<typeof runtimeDescription>

/** Whether a run in this mode reads messages and takes changes while it works. */
export function hearsWhileWorking({ input, oneTurnModes }: RuntimeCapabilities, mode: PermissionMode): boolean {
  return input && oneTurnModes?.includes(mode) !== true
}

/** Whether what runs is a program that reads one prompt and prints lines: it hears nothing afterwards and sees no images. */
export function printsLines(
  runtime: Pick<RuntimeDescription, 'outputs'> | undefined,
  command: Pick<CommandSpec, 'output'> | null
): boolean {
  return command?.output === 'lines' && runtime?.outputs?.includes('lines') === true
}

/** `looking`: the runner has just started and does not know yet. */
export const runtimeStates = [
  'looking',
  'ready',
  'not_signed_in',
  'missing',
  'too_old',
  'broken',
  'installing'
] as const

/** A runtime as one runner sees it, at one of its places. */
export const runtimeReport = runtimeDescription.extend({
  place: placeId.default('host').describe('Of the runner, where this is so'),
  state: z.enum(runtimeStates),
  version: z.string().max(200).nullable(),
  path: z.string().max(4096).nullable(),
  signedIn: z.enum(['yes', 'no', 'unknown', 'not_needed']),
  detail: z.string().max(4000).nullable().describe('What is wrong and what to do, or the last line of an installation'),
  installable: z.boolean()
})
export type RuntimeReport = z.infer<typeof runtimeReport>

/** What is not as the user of a runner would want it, though it works; `code` is stable, `message` is for a person. */
export const runnerWarning = z.object({ code: z.string().max(64), message: z.string().max(2000) })
export type RunnerWarning = z.infer<typeof runnerWarning>

export const runner = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['builtin', 'remote']),
    hostname: z.string(),
    platform: z.string(),
    version: z.string(),
    status: z.enum(['online', 'offline']),
    statusSince: timestamp,
    draining: z
      .boolean()
      .describe('Of an older version: it finishes its last runs, takes no others, and then disappears'),
    allowedDirs: z.array(z.string()).describe('Absolute, links resolved'),
    dataDir: z
      .string()
      .nullable()
      .describe('Its own folder, closed to agents but for their private ones; null: it did not say'),
    places: z.array(z.string()).describe('Kinds of places that it has'),
    labels: z.array(z.string()).describe('What runs may ask for'),
    runtimes: z.array(runtimeReport),
    warnings: z.array(runnerWarning).describe('Such as LOGIN_SHELL: agents do not get what a terminal would have'),
    capacity: z.int().describe('Runs at a time'),
    activeRuns: z.int(),
    lastHeartbeatAt: timestamp,
    createdAt: timestamp
  })
  .meta({ id: 'Runner' })
export type Runner = z.infer<typeof runner>

export const listRunners = endpoint({
  id: 'listRunners',
  method: 'GET',
  path: '/api/v1/runners',
  tag: 'runners',
  summary: 'Runners, online ones first',
  scope: 'read',
  output: z.object({ data: z.array(runner) })
})

export const getRunner = endpoint({
  id: 'getRunner',
  method: 'GET',
  path: '/api/v1/runners/:id',
  tag: 'runners',
  summary: 'One runner',
  scope: 'read',
  params: idParams,
  output: runner,
  errors: ['NOT_FOUND']
})

export const deleteRunner = endpoint({
  id: 'deleteRunner',
  method: 'DELETE',
  path: '/api/v1/runners/:id',
  tag: 'runners',
  summary: 'Forget a runner that is offline',
  scope: 'admin',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND', 'LIMIT_REACHED']
})

export const installRuntime = endpoint({
  id: 'installRuntime',
  method: 'POST',
  path: '/api/v1/runners/:id/runtimes/:runtime/install',
  tag: 'runners',
  summary: "Install a missing agent CLI into the runner's data folder; progress shows in the runner's report",
  scope: 'admin',
  params: idParams.extend({ runtime: z.string().min(1).max(64) }),
  output: runner,
  status: 202,
  errors: ['NOT_FOUND', 'RUNNER_OFFLINE', 'NOT_SUPPORTED']
})

export const refreshRuntimes = endpoint({
  id: 'refreshRuntimes',
  method: 'POST',
  path: '/api/v1/runners/:id/runtimes/refresh',
  tag: 'runners',
  summary: 'Look for agent CLIs and their sign-in again',
  scope: 'write',
  params: idParams,
  output: runner,
  status: 202,
  errors: ['NOT_FOUND', 'RUNNER_OFFLINE']
})
