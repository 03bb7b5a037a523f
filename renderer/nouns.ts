import { applyApproval, applyRun, applyRunner, refreshSystemSoon } from './lib/apply-change.ts'
import { askedAgain, type Nouns } from './lib/nouns.ts'
import { keys } from './lib/query-keys.ts'

/** Every noun that a screen shows, and how a change of it reaches what is shown. */
export const nouns: Nouns = {
  run: (queries, { data }) => {
    if (data) applyRun(queries, data)
    refreshSystemSoon(queries)
  },
  approval: (queries, { data }) => data && applyApproval(queries, data),
  runner: (queries, { id, data }) => {
    applyRunner(queries, id, data)
    refreshSystemSoon(queries)
  },
  input: askedAgain(keys.inputs)
}
