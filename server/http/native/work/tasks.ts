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
} from '#contract/work/tasks'
import * as tasks from '../../../domain/work/tasks.ts'
import { paginated } from '../../pagination.ts'
import { type Route, read, readList, write } from '../../route.ts'

const success = { success: true as const }

export function taskRoutes(): Route[] {
  const current = read(getTask, ({ domain, params }) => tasks.getTask(domain, params.id))
  return [
    readList(listTasks, ['task', 'agent'], ({ domain, query }) => paginated(query, tasks.listTasks(domain, query))),
    write(createTask, ({ domain, body, principal }) => tasks.createTask(domain, body, principal)),
    current,
    write(
      changeTask,
      ({ domain, params, body, principal }) => tasks.changeTask(domain, params.id, body, principal),
      current
    ),
    write(deleteTask, ({ domain, params }) => {
      tasks.deleteTask(domain, params.id)
      return success
    }),
    write(runTask, ({ domain, params }) => tasks.runTask(domain, params.id)),
    read(listEpics, ({ domain }) => ({ data: tasks.listEpics(domain) })),
    write(createEpic, ({ domain, body }) => tasks.createEpic(domain, body)),
    write(changeEpic, ({ domain, params, body }) => tasks.changeEpic(domain, params.id, body)),
    write(deleteEpic, ({ domain, params }) => {
      tasks.deleteEpic(domain, params.id)
      return success
    })
  ]
}
