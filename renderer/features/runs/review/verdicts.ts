import type { Review, ReviewMark } from '#contract/runs/review'

export type Verdict = ReviewMark['verdict'] | null

/** What was said of a hunk, or of the file that it is in. */
export function verdictOf({ marks }: Pick<Review, 'marks'>, path: string, hunk: number | null): Verdict {
  const of = marks.filter(mark => mark.path === path)
  const exact = of.find(mark => mark.hunk === hunk) ?? of.find(mark => mark.hunk === null)
  return exact?.verdict ?? null
}

/** Of the whole file: what holds for it, or for all of its hunks. */
export function verdictOfFile(review: Pick<Review, 'marks'>, path: string, hunks: number | undefined): Verdict {
  const whole = verdictOf(review, path, null)
  if (whole !== null || !hunks) return whole
  const all = Array.from({ length: hunks }, (_, hunk) => verdictOf(review, path, hunk))
  const [first = null] = all
  return all.every(verdict => verdict === first) ? first : null
}
