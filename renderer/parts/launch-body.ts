import type { RuntimeReport } from '#contract/runners/runners'
import type { LaunchBody, PermissionMode } from '#contract/runs/runs'

export interface LaunchDraft {
  prompt: string
  where: 'folder' | 'private'
  cwd: string
  /** What it does where another run works in the folder; null: nobody asked. */
  beside: 'go_on' | 'wait' | null
  /** null: the best one that is ready. */
  runtime: string | null
  model: string
  permissionMode: PermissionMode
  timeoutMinutes: string
  program: string
  /** One argument a line. */
  args: string
  promptBy: 'stdin' | 'argument'
  output: 'lines' | 'events'
}

/** What is chosen when nobody chose: what was used last, else an agent that is ready, else practice. */
export function defaultRuntime(reports: readonly RuntimeReport[], last: string | null): RuntimeReport | undefined {
  const ready = reports.filter(report => report.state === 'ready')
  return (
    ready.find(report => report.id === last) ??
    ready.find(report => report.kind === 'agent') ??
    ready.find(report => report.kind === 'practice') ??
    ready[0]
  )
}

/** The body of the request, or the faults that can be seen without asking the server. */
export function bodyOf(
  draft: LaunchDraft,
  runtime: RuntimeReport | undefined
): { body: Partial<LaunchBody> & { prompt: string } } | { errors: Record<string, string> } {
  const errors: Record<string, string> = {}
  const isCommand = runtime?.kind === 'program'
  if (draft.prompt.trim() === '') errors.prompt = 'Say what the agent should do'
  if (draft.where === 'folder' && draft.cwd.trim() === '') errors.cwd = 'Name a folder, or choose a private one'
  if (!runtime) errors.runtime = 'No runtime is ready on this computer'
  if (isCommand && draft.program.trim() === '') errors['command.program'] = 'Name the program to run'
  const minutes = draft.timeoutMinutes.trim() === '' ? undefined : Number(draft.timeoutMinutes)
  if (minutes !== undefined && !(minutes >= 0.1 && minutes <= 10_080)) {
    errors.timeoutSeconds = 'Minutes from 0.1 to 10080, which is a week'
  }
  if (Object.keys(errors).length > 0 || !runtime) return { errors }
  return {
    body: {
      prompt: draft.prompt,
      cwd: draft.where === 'folder' ? draft.cwd.trim() : undefined,
      beside: draft.where === 'folder' && draft.beside === 'wait' ? 'wait' : undefined,
      runtime: runtime.id,
      model: draft.model.trim() || undefined,
      permissionMode: runtime.capabilities.permissionModes.includes(draft.permissionMode)
        ? draft.permissionMode
        : runtime.capabilities.permissionModes[0],
      timeoutSeconds: minutes === undefined ? undefined : Math.round(minutes * 60),
      command: isCommand
        ? {
            program: draft.program.trim(),
            args: draft.args === '' ? [] : draft.args.split('\n'),
            prompt: draft.promptBy,
            output: draft.output
          }
        : undefined
    }
  }
}
