import {
  changeEpic,
  changeTask,
  createEpic,
  createTask,
  deleteEpic,
  deleteTask,
  getEpic,
  getTask,
  listEpics,
  listTasks,
  runTask
} from '#contract/work/tasks'
import * as tasks from '../../../domain/work/tasks.ts'
import { paginated, type Route, read, readList, write } from '../../for-faces.ts'

const success = { success: true as const }

export function taskRoutes(): Route[] {
  return [
    readList(listTasks, ['task', 'agent'], ({ domain, query }) => paginated(query, tasks.listTasks(domain, query))),
    write(createTask, ({ domain, body }) => tasks.createTask(domain, body)),
    read(getTask, ({ domain, params }) => tasks.getTask(domain, params.id)),
    write(changeTask, ({ domain, params, body }) => tasks.changeTask(domain, params.id, body)),
    write(deleteTask, ({ domain, params }) => {
      tasks.deleteTask(domain, params.id)
      return success
    }),
    write(runTask, ({ domain, params }) => tasks.runTask(domain, params.id)),
    read(listEpics, ({ domain }) => ({ data: tasks.listEpics(domain) })),
    read(getEpic, ({ domain, params }) => tasks.getEpic(domain, params.id)),
    write(createEpic, ({ domain, body }) => tasks.createEpic(domain, body)),
    write(changeEpic, ({ domain, params, body }) => tasks.changeEpic(domain, params.id, body)),
    write(deleteEpic, ({ domain, params }) => {
      tasks.deleteEpic(domain, params.id)
      return success
    })
  ]
}
