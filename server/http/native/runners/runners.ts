import { deleteRunner, getRunner, installRuntime, listRunners, refreshRuntimes } from '#contract/runners/runners'
import { forgetRunner } from '../../../domain/runners/forgetting.ts'
import * as runners from '../../../domain/runners/runners.ts'
import { type Route, read, write } from '../../for-faces.ts'

export function runnerRoutes(): Route[] {
  return [
    read(listRunners, ({ domain }) => ({ data: runners.listRunners(domain) })),
    read(getRunner, ({ domain, params }) => runners.getRunner(domain, params.id)),
    write(deleteRunner, ({ domain, params }) => {
      forgetRunner(domain, params.id)
      return { success: true as const }
    }),
    write(installRuntime, ({ domain, params }) => runners.installRuntime(domain, params.id, params.runtime)),
    write(refreshRuntimes, ({ domain, params }) => runners.refreshRuntimes(domain, params.id))
  ]
}
