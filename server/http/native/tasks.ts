import {
  changeEpic,
  changeTask,
  createEpic,
  createTask,
  deleteEpic,
  deleteTask,
  getTask,
  listEpics,
  listTasks,
  runTask
} from '#contract/tasks'
import * as tasks from '../../domain/tasks.ts'
import type { Context } from '../context.ts'
import { paginated } from '../pagination.ts'
import { type Route, read, write } from '../route.ts'

const success = { success: true as const }

export function taskRoutes({ domain }: Context): Route[] {
  const current = read(getTask, ({ params }) => tasks.getTask(domain, params.id))
  return [
    read(listTasks, ({ query }) => paginated(query, tasks.listTasks(domain, query))),
    write(createTask, ({ body, principal }) => tasks.createTask(domain, body, principal)),
    current,
    write(changeTask, ({ params, body, principal }) => tasks.changeTask(domain, params.id, body, principal), current),
    write(deleteTask, ({ params }) => {
      tasks.deleteTask(domain, params.id)
      return success
    }),
    write(runTask, ({ params }) => tasks.runTask(domain, params.id)),
    read(listEpics, () => ({ data: tasks.listEpics(domain) })),
    write(createEpic, ({ body }) => tasks.createEpic(domain, body)),
    write(changeEpic, ({ params, body }) => tasks.changeEpic(domain, params.id, body)),
    write(deleteEpic, ({ params }) => {
      tasks.deleteEpic(domain, params.id)
      return success
    })
  ]
}
