import { listRunFiles } from '#contract/runners/files'
import { listRunCommands } from '#contract/runs/commands'
import { stopRunDaemon } from '#contract/runs/daemons'
import {
  addInput,
  cancelRun,
  changeInput,
  changeRun,
  deleteInput,
  deleteRun,
  followUpRun,
  forkRun,
  getInput,
  getRun,
  launchRun,
  listInputs,
  listRuns,
  retryRun
} from '#contract/runs/runs'
import { filesOfRun } from '../../../domain/runners/files.ts'
import * as removal from '../../../domain/runs/removal.ts'
import { listCommands } from '../../../domain/runs/run-commands.ts'
import { stopDaemon } from '../../../domain/runs/run-daemons.ts'
import * as input from '../../../domain/runs/run-input.ts'
import * as runs from '../../../domain/runs/runs.ts'
import { paginated, type Route, read, wait, write } from '../../for-faces.ts'

export function runRoutes(): Route[] {
  return [
    read(listRuns, ({ domain, query }) => paginated(query, runs.listRuns(domain, query))),
    write(launchRun, ({ domain, body }) => runs.launchRun(domain, body)),
    read(getRun, ({ domain, params }) => runs.getRun(domain, params.id)),
    write(changeRun, ({ domain, params, body }) => runs.changeRun(domain, params.id, body)),
    write(deleteRun, ({ domain, params }) => {
      removal.deleteRun(domain, params.id)
      return { success: true as const }
    }),
    write(followUpRun, ({ domain, params, body }) => runs.followUp(domain, params.id, body)),
    write(forkRun, ({ domain, params, body }) => runs.forkRun(domain, params.id, body)),
    write(retryRun, ({ domain, params }) => runs.retryRun(domain, params.id)),
    write(cancelRun, ({ domain, params, body }) => runs.cancelRun(domain, params.id, body.now)),
    write(stopRunDaemon, ({ domain, params }) => stopDaemon(domain, params.id, params.pid)),
    read(listRunCommands, ({ domain, params }) => ({ data: listCommands(domain, params.id) })),
    wait(listRunFiles, ({ domain, params, query, actor }) => filesOfRun(domain, params.id, query.query, actor)),
    read(listInputs, ({ domain, params }) => ({ data: input.listInput(domain, params.id) })),
    read(getInput, ({ domain, params }) => input.getInput(domain, params.id, params.n)),
    write(addInput, ({ domain, params, body }) => input.addInput(domain, params.id, body)),
    write(changeInput, ({ domain, params, body }) => input.changeInput(domain, params.id, params.n, body)),
    write(deleteInput, ({ domain, params }) => {
      input.deleteInput(domain, params.id, params.n)
      return { success: true as const }
    })
  ]
}
