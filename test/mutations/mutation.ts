/** A guard taken away: a test must notice. */
export interface Mutation {
  /** What holds then. */
  name: string
  file: string
  /** Must stand in the file exactly once. */
  find: string
  replace: string
  noticedBy: Notice
}

/** Tests of one file. */
interface Notice {
  /** As `vitest.config.ts` names it. */
  project: string
  file: string
  /** In the full names of those that notice; all of the file, where it is not there. */
  test?: string
}

const notice = (project: string, folder: string) => (file: string, test?: string) => ({
  project,
  file: `${folder}/${file}.test.ts`,
  ...(test === undefined ? {} : { test })
})

export const app = notice('app', 'test/app')
export const dialect = notice('app', 'server/dialects')
export const unit = notice('unit', 'server')
export const faults = notice('faults', 'test/faults')
export const desktop = notice('desktop', 'test/desktop')
