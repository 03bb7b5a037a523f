/** A spreadsheet takes what begins with one of these for a formula. */
const formula = /^[=+\-@\t\r]/

/** One line of RFC 4180. Text that a spreadsheet would calculate is kept from it by an apostrophe. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(field).join(',')}\r\n`
}

function field(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = String(value)
  return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
