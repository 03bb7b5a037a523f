/** Lines of an output shown until the reader asks for more. */
export const clippedAt = 20
/** Of what failed, so many from its first error on; the rest is its end. */
const errorLines = 6

/** A stretch of lines, the end not included. */
export interface Stretch {
  from: number
  to: number
}

/** What of an output shows at first: its beginning, or of what failed the first error and the end. */
export function clipOf(lines: readonly string[], failed: boolean): Stretch[] {
  if (lines.length <= clippedAt) return [{ from: 0, to: lines.length }]
  if (!failed) return [{ from: 0, to: clippedAt }]
  const end = { from: lines.length - clippedAt, to: lines.length }
  const error = lines.findIndex(isError)
  if (error < 0 || error >= end.from) return [end]
  const tail = lines.length - (clippedAt - errorLines)
  if (error + errorLines >= tail) return [{ from: error, to: lines.length }]
  return [
    { from: error, to: error + errorLines },
    { from: tail, to: lines.length }
  ]
}

const trouble =
  /\b(error|err!|fail(ed|ure|ing|s)?|fatal|exception|panic(ked)?|traceback|abort(ed)?|not ok|no such|cannot|denied)(?!\w)|[✗✘×❌]/i
const named = /\w(Error|Exception)\b/
const noTrouble = /\b(0|no) (errors?|failures?|failed|failing)\b/i

function isError(line: string): boolean {
  return (trouble.test(line) || named.test(line)) && !noTrouble.test(line)
}
