import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { Runner, RuntimeReport } from '#contract/runners'
import { fieldErrorsOf, wordsOf } from '../../../lib/call.ts'
import { randomId } from '../../../lib/random-id.ts'
import { remember, remembered } from '../../../lib/storage.ts'
import { nextRunner, useRunners } from '../../../parts/runners.ts'
import { useLaunch } from '../queries.ts'
import { bodyOf, defaultRuntime, type LaunchDraft } from './launch-body.ts'

interface Remembered {
  folders: string[]
  runtime: string | null
  where: LaunchDraft['where']
}

const nothingRemembered: Remembered = { folders: [], runtime: null, where: 'private' }
const foldersRemembered = 8

function firstDraft(): LaunchDraft {
  const { folders, runtime, where } = { ...nothingRemembered, ...remembered<Partial<Remembered>>('launch', {}) }
  return {
    // The palette hands over what was typed there.
    prompt: new URLSearchParams(location.search).get('prompt') ?? '',
    where,
    cwd: folders[0] ?? '',
    runtime,
    model: '',
    permissionMode: 'default',
    timeoutMinutes: '',
    program: '',
    args: '',
    promptBy: 'stdin',
    output: 'lines'
  }
}

export function recentFolders(): string[] {
  return remembered<Partial<Remembered>>('launch', {}).folders ?? []
}

function rememberLaunch(draft: LaunchDraft, runtime: string): void {
  const used = draft.where === 'folder' && draft.cwd ? [draft.cwd] : []
  const folders = [...new Set([...used, ...recentFolders()])].slice(0, foldersRemembered)
  remember('launch', { folders, runtime, where: draft.where })
}

export interface Launching {
  draft: LaunchDraft
  set: (change: Partial<LaunchDraft>) => void
  runner: Runner | undefined
  reports: readonly RuntimeReport[]
  chosen: RuntimeReport | undefined
  errors: Record<string, string>
  /** A failure that belongs to no field. */
  failure: string | null
  pending: boolean
  submit: (prompt?: string) => void
}

/** Everything the forms that start a run share. */
export function useLaunchDraft(): Launching {
  const [draft, setDraft] = useState(firstDraft)
  const [key, setKey] = useState(randomId)
  const [checked, setChecked] = useState<Record<string, string>>({})
  const [, navigate] = useLocation()
  const launch = useLaunch()
  const runner = nextRunner(useRunners().data?.data)
  const reports = runner?.runtimes ?? []
  const chosen = useMemo(() => defaultRuntime(reports, draft.runtime), [reports, draft.runtime])
  const refused = launch.error ? fieldErrorsOf(launch.error) : {}
  const errors = { ...refused, ...checked }

  const set = (change: Partial<LaunchDraft>) => {
    setDraft(before => ({ ...before, ...change }))
    setChecked({})
    launch.reset()
    // Another request than before: it must not count as a repetition of the old one.
    setKey(randomId())
  }
  const submit = (prompt = draft.prompt) => {
    const made = bodyOf({ ...draft, prompt }, chosen)
    if ('errors' in made) {
      setChecked(made.errors)
      focusFirstFault()
      return
    }
    rememberLaunch(draft, chosen?.id ?? '')
    // Not the callbacks of mutate: the new run replaces the first-run page, and they would go with it.
    launch
      .mutateAsync({ body: made.body, key })
      .then(run => navigate(`/runs/${run.id}`))
      .catch(focusFirstFault)
  }
  const failure = launch.error && Object.keys(refused).length === 0 ? wordsOf(launch.error) : null
  return { draft, set, runner, reports, chosen, errors, failure, pending: launch.isPending, submit }
}

function focusFirstFault(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
