import { listRunnerFiles } from '#contract/runners/files'
import { deleteRunner, getRunner, installRuntime, listRunners, refreshRuntimes } from '#contract/runners/runners'
import { filesOfRunner } from '../../../domain/runners/files.ts'
import { forgetRunner } from '../../../domain/runners/forgetting.ts'
import * as runners from '../../../domain/runners/runners.ts'
import { type Route, read, wait, write } from '../../for-faces.ts'

export function runnerRoutes(): Route[] {
  return [
    read(listRunners, ({ domain }) => ({ data: runners.listRunners(domain) })),
    read(getRunner, ({ domain, params }) => runners.getRunner(domain, params.id)),
    wait(listRunnerFiles, ({ domain, params, query, actor }) => filesOfRunner(domain, params.id, query, actor)),
    write(deleteRunner, ({ domain, params }) => {
      forgetRunner(domain, params.id)
      return { success: true as const }
    }),
    write(installRuntime, ({ domain, params }) => runners.installRuntime(domain, params.id, params.runtime)),
    write(refreshRuntimes, ({ domain, params }) => runners.refreshRuntimes(domain, params.id))
  ]
}
