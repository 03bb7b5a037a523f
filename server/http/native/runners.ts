import { deleteRunner, getRunner, installRuntime, listRunners, refreshRuntimes } from '#contract/runners'
import * as runners from '../../domain/runners.ts'
import type { Context } from '../context.ts'
import { type Route, read, write } from '../route.ts'

export function runnerRoutes({ domain }: Context): Route[] {
  return [
    read(listRunners, () => ({ data: runners.listRunners(domain) })),
    read(getRunner, ({ params }) => runners.getRunner(domain, params.id)),
    write(deleteRunner, ({ params }) => {
      runners.deleteRunner(domain, params.id)
      return { success: true as const }
    }),
    write(installRuntime, ({ params }) => runners.installRuntime(domain, params.id, params.runtime)),
    write(refreshRuntimes, ({ params }) => runners.refreshRuntimes(domain, params.id))
  ]
}
