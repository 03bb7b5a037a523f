import { describe, expect, test } from 'vitest'
import type { RuntimeCapabilities } from '#contract/runners/runners'
import type { Run } from '#contract/runs/runs'
import { composerMode } from './composer-mode.ts'

const all: RuntimeCapabilities = {
  permissionModes: ['default'],
  models: [],
  resume: true,
  fork: true,
  input: true,
  interrupt: true,
  changeWhileRunning: true,
  questions: true,
  plan: true,
  images: true
}
const live = { status: 'RUNNING', stopping: 'no', sessionId: null } as Run
const ended = { status: 'SUCCEEDED', stopping: 'no', sessionId: 's' } as Run

describe('what can be said to a run', () => {
  test('while it works: a message in the queue, and an interruption where the runtime can', () => {
    expect(composerMode(live, all)).toEqual({ name: 'queue', other: true })
    expect(composerMode(live, { ...all, interrupt: false })).toEqual({ name: 'queue', other: false })
  })

  test('nothing while it stops or when the runtime reads nothing', () => {
    expect(composerMode({ ...live, stopping: 'asked' }, all).name).toBe('none')
    expect(composerMode(live, { ...all, input: false }).name).toBe('none')
    const oneTurn = { ...all, oneTurnModes: ['bypassPermissions' as const] }
    expect(composerMode({ ...live, permissionMode: 'bypassPermissions' }, oneTurn).name).toBe('none')
    expect(composerMode({ ...live, permissionMode: 'default' }, oneTurn).name).toBe('queue')
  })

  test('after its end: a follow-up, and a fork where the runtime can', () => {
    expect(composerMode(ended, all)).toEqual({ name: 'followUp', other: true })
    expect(composerMode(ended, { ...all, fork: false })).toEqual({ name: 'followUp', other: false })
  })

  test('no follow-up without a session or without a runtime that resumes', () => {
    expect(composerMode({ ...ended, sessionId: null }, all).name).toBe('none')
    expect(composerMode(ended, { ...all, resume: false }).name).toBe('none')
  })

  test('when the runtime is not known the server decides', () => {
    expect(composerMode(live, undefined).name).toBe('queue')
    expect(composerMode(ended, undefined).name).toBe('followUp')
  })
})
