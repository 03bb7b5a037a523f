import {
  applyApproval,
  applyRun,
  applyRunner,
  applyTask,
  dropRun,
  refreshEpicsSoon,
  refreshSystemSoon
} from './lib/apply-change.ts'
import { askedAgain, cached, type Nouns } from './lib/nouns.ts'
import { keys } from './lib/query-keys.ts'
import { applyAgent } from './parts/agents.ts'
import { applyFlow } from './parts/flows/flows.ts'

/** Every noun that a screen shows, and how a change of it reaches what is shown. */
export const nouns: Nouns = {
  run: (queries, { id, data }) => {
    if (data) applyRun(queries, data)
    else dropRun(queries, id)
    // What is said of its files is told by its run.
    void queries.invalidateQueries({ queryKey: keys.review(id) })
    void queries.invalidateQueries({ queryKey: keys.kept(id) })
    void queries.invalidateQueries({ queryKey: keys.workingInAny })
    refreshSystemSoon(queries)
  },
  approval: (queries, { data }) => data && applyApproval(queries, data),
  runner: (queries, { id, data }) => {
    applyRunner(queries, id, data)
    refreshSystemSoon(queries)
  },
  pairing: askedAgain(keys.pairing),
  engine: cached({ lists: keys.engines }),
  agent: applyAgent,
  budget: cached({ lists: keys.budgets }),
  mcp: askedAgain(() => keys.mcps),
  task: (queries, { id, data }) => {
    applyTask(queries, id, data)
    refreshEpicsSoon(queries)
  },
  epic: cached({ lists: keys.epics }),
  flow: applyFlow,
  message: (queries, { data }) => data && void queries.invalidateQueries({ queryKey: keys.thread(data.threadId) }),
  input: askedAgain(keys.inputs),
  secret: askedAgain(() => keys.secrets),
  key: askedAgain(() => keys.apiKeys),
  user: queries => {
    void queries.invalidateQueries({ queryKey: keys.people })
    void queries.invalidateQueries({ queryKey: keys.me })
  },
  session: askedAgain(() => keys.allLogins),
  data: (queries, { id }) =>
    // It came or went with everything that hangs on it.
    void queries.invalidateQueries(id === 'demo' ? {} : { queryKey: keys.data })
}
