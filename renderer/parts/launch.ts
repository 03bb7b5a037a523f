import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type LaunchBody, launchRun } from '#contract/runs/runs'
import { applyRun } from '../lib/apply-change.ts'
import { call } from '../lib/call.ts'
import { remember, remembered } from '../lib/storage.ts'
import type { LaunchDraft } from './launch-body.ts'

interface Remembered {
  folders: string[]
  runtime: string | null
  where: LaunchDraft['where']
}

const nothingRemembered: Remembered = { folders: [], runtime: null, where: 'private' }
const foldersRemembered = 8

function lastLaunch(): Remembered {
  return { ...nothingRemembered, ...remembered<Partial<Remembered>>('launch', {}) }
}

/** A run as it would be started now: where and with what the last one was. */
export function draftFor(prompt: string): LaunchDraft {
  const { folders, runtime, where } = lastLaunch()
  return {
    prompt,
    where,
    cwd: folders[0] ?? '',
    beside: null,
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
  return lastLaunch().folders
}

export function rememberLaunch({ where, cwd }: Pick<LaunchDraft, 'where' | 'cwd'>, runtime: string): void {
  const used = where === 'folder' && cwd ? [cwd] : []
  const folders = [...new Set([...used, ...recentFolders()])].slice(0, foldersRemembered)
  remember('launch', { folders, runtime, where })
}

/** `key` stays the same while the form does: sent twice after a lost answer, it counts once. */
export interface LaunchRequest {
  body: Partial<LaunchBody> & { prompt: string }
  key: string
}

export function useLaunch() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ body, key }: LaunchRequest) => call(launchRun, { body, idempotencyKey: key }),
    onSuccess: run => applyRun(queries, run)
  })
}
