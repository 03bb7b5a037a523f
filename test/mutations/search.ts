import { type Mutation, unit } from './mutation.ts'

const notice = (test: string) => unit('store/runs/search-answers', test)

/** What was said in all runs: who finds it, and that nothing is found that is gone. */
export const search: readonly Mutation[] = [
  {
    name: 'what others said is found',
    file: 'server/store/runs/search-hits.ts',
    find: 'const where = [...own.where]\n',
    replace: 'const where = own.where.map(one => `(1 = 1 OR ${one})`)\n',
    noticedBy: notice('who may see what is part of the question')
  },
  {
    name: 'what was let go is found until the index has heard of it',
    file: 'server/store/runs/search-hits.ts',
    find: "['r.events_removed_at IS NULL', ...where]",
    replace: "['1 = 1', ...where]",
    noticedBy: notice('what is gone is not found')
  },
  {
    name: 'what was let go stays in the index',
    file: 'server/store/runs/search-reading.ts',
    find: 'for (const rowid of said) unsay.run(rowid)',
    replace: 'void unsay',
    noticedBy: notice('what is gone is not found')
  },
  {
    name: 'what is said while the index is written is never read',
    file: 'server/store/runs/runs-to-read.ts',
    find: 'number = ? AND last_seq <= ? AND',
    replace: 'number = ? AND ? IS NOT NULL AND',
    noticedBy: notice('what goes on while it is read is read again')
  },
  {
    name: 'a torn index stays torn',
    file: 'server/store/runs/search-index.ts',
    find: '/^SQLITE_(CORRUPT|NOTADB)/',
    replace: '/^SQLITE_(NONE)/',
    noticedBy: notice('is made anew by itself')
  },
  {
    name: 'the index of other data answers',
    file: 'server/store/runs/search-index.ts',
    find: "if (foreign) throw new Foreign('it was about other data')",
    replace: 'void foreign',
    noticedBy: notice('about other data')
  },
  {
    name: 'a quote that is typed ends the quotes around it',
    file: 'server/store/runs/search-match.ts',
    find: `text.replaceAll('"', ' ')`,
    replace: 'text',
    noticedBy: notice('signs that the index would read are only signs')
  },
  {
    name: 'one question may look through everything, however long that takes',
    file: 'server/store/runs/search-hits.ts',
    find: 'if (performance.now() > until && from > 1) {',
    replace: 'if (performance.now() < 0 && from > 1) {',
    noticedBy: notice('as far as its time goes')
  },
  {
    name: 'any number of words is looked for',
    file: 'server/domain/runs/search-query.ts',
    find: 'if (count > maxSearchTerms)',
    replace: 'if (count > 1e9)',
    noticedBy: unit('domain/runs/search-query')
  }
]
