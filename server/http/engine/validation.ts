import type { z } from 'zod'
import { FieldError } from '#contract/errors'

type Issue = z.core.$ZodIssue

/** What a request got wrong, a sentence for each field. `value` is what was refused. */
export function fromZod(error: z.ZodError, part: 'body' | 'query' | 'params', value: unknown): FieldError {
  const byPath = new Map<string, string>()
  for (const issue of error.issues.flatMap(issue => innermost(issue, []))) {
    const path = issue.path.join('.') || part
    if (!byPath.has(path)) byPath.set(path, sentence(issue, at(value, issue.path) === undefined))
  }
  return new FieldError(
    'INVALID_REQUEST',
    [...byPath].map(([path, text]) => ({ path, text }))
  )
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value)
}

/** Of something that may have several forms, what is wrong with the one that comes nearest. */
function innermost(issue: Issue, above: readonly PropertyKey[]): Issue[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = [...issue.errors].sort((one, other) => depth(other) - depth(one) || one.length - other.length)[0]
    return (nearest ?? []).flatMap(inner => innermost(inner, path))
  }
  if (issue.code === 'invalid_element') return issue.issues.flatMap(inner => innermost(inner, path))
  return [{ ...issue, path }]
}

function depth(issues: readonly Issue[]): number {
  return Math.max(...issues.map(issue => issue.path.length))
}

function sentence(issue: Issue, isMissing: boolean): string {
  if (!isMissing) return complaint(issue)
  const wish = expectation(issue)
  return `is missing; ${wish === null ? complaint(issue) : `${wish} is expected`}`
}

function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      return bound(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'more than' : 'at least')
    case 'too_big':
      return bound(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most')
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor} is expected`
    case 'unrecognized_keys':
      return `${issue.keys.join(', ')} is unknown`
    case 'invalid_key':
      return 'has a name that cannot be used'
    case 'invalid_union':
      return 'is of none of the forms that it may have'
    default: {
      const wish = expectation(issue)
      return wish === null ? issue.message : `${wish} is expected`
    }
  }
}

/** In words, what would be right; null where the contract says it in its own. */
function expectation(issue: Issue): string | null {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid ') ? (kinds[issue.expected] ?? `a ${issue.expected}`) : null
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`
    case 'invalid_format':
      return issue.message.startsWith('Invalid ') ? (formats[issue.format] ?? 'another form') : null
    default:
      return null
  }
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null'
}

const formats: Record<string, string> = {
  datetime: 'a time such as 2026-11-30T12:00:00Z',
  date: 'a date such as 2026-11-30',
  email: 'an email address',
  url: 'a URL',
  uuid: 'a UUID'
}

function bound(origin: string, limit: number, word: string): string {
  if (origin === 'string' || origin === 'array') {
    const what = origin === 'string' ? 'character' : 'entry'
    const many = origin === 'string' ? 'characters' : 'entries'
    if (word === 'at least' && limit === 1) return 'must not be empty'
    return `must have ${word} ${limit} ${limit === 1 ? what : many}`
  }
  return `must be ${word} ${limit}`
}
