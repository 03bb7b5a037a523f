import {
  addInput,
  cancelRun,
  changeInput,
  changeRun,
  deleteInput,
  followUpRun,
  forkRun,
  getRun,
  launchRun,
  listInputs,
  listRunChanges,
  listRuns,
  retryRun
} from '#contract/runs'
import { listChanges } from '../../domain/run-changes.ts'
import * as input from '../../domain/run-input.ts'
import * as runs from '../../domain/runs.ts'
import type { Context } from '../context.ts'
import { paginated } from '../pagination.ts'
import { type Route, read, write } from '../route.ts'

export function runRoutes({ domain }: Context): Route[] {
  const current = read(getRun, ({ params }) => runs.getRun(domain, params.id))
  return [
    read(listRuns, ({ query }) => paginated(query, runs.listRuns(domain, query))),
    write(launchRun, ({ body }) => runs.launchRun(domain, body)),
    current,
    write(changeRun, ({ params, body }) => runs.changeRun(domain, params.id, body), current),
    write(followUpRun, ({ params, body }) => runs.followUp(domain, params.id, body.prompt), current),
    write(forkRun, ({ params, body }) => runs.forkRun(domain, params.id, body.prompt), current),
    write(retryRun, ({ params }) => runs.retryRun(domain, params.id), current),
    write(cancelRun, ({ params, body }) => runs.cancelRun(domain, params.id, body.now), current),
    read(listRunChanges, ({ params }) => ({ data: listChanges(domain, params.id) })),
    read(listInputs, ({ params }) => ({ data: input.listInput(domain, params.id) })),
    write(addInput, ({ params, body }) => input.addInput(domain, params.id, body.text, body.mode)),
    write(changeInput, ({ params, body }) => input.changeInput(domain, params.id, params.n, body)),
    write(deleteInput, ({ params }) => {
      input.deleteInput(domain, params.id, params.n)
      return { success: true as const }
    })
  ]
}
