import * as tasks from '../../../domain/work/tasks.ts'
import { follow, type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/tasks.ts'
import { streamRun } from '../run-stream.ts'
import { toOurTask, toTheirTask } from '../translate.ts'

export function taskRoutes(): Route[] {
  return [
    read(theirs.listTasks, ({ domain, query }) => {
      const { assignee: assigneeId, ...same } = query
      return tasks.withRecentLogs(domain, tasks.listTasks(domain, { ...same, assigneeId }).items).map(toTheirTask)
    }),
    write(theirs.createTask, ({ domain, body }) => {
      const { title, input } = body
      const { id } = tasks.createTask(domain, { ...toOurTask(body), title, input })
      return toTheirTask(tasks.getTask(domain, id))
    }),
    read(theirs.getTask, ({ domain, params }) => toTheirTask(tasks.getTask(domain, params.id))),
    write(theirs.changeTask, ({ domain, params, body }) => {
      tasks.changeTask(domain, params.id, toOurTask(body))
      return toTheirTask(tasks.getTask(domain, params.id))
    }),
    follow(
      theirs.runTask,
      ({ domain, body }) => ({ runId: tasks.runTask(domain, body.taskId).id }),
      ({ domain, response }, { runId }) => streamRun(domain, runId, response)
    )
  ]
}
