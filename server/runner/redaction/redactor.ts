import { secretsOfEnvironment } from './environment-secrets.ts'
import { formsOf } from './forms.ts'
import { replaced } from './mark.ts'
import { createMatcher, type Matcher, type Span } from './matcher.ts'
import { isPlain } from './plain.ts'
import { RedactedStream } from './redacted-stream.ts'

export interface Redactor {
  text(text: string): string
  /** For text that comes in pieces. */
  stream(): RedactedStream
}

interface Variables {
  env: Record<string, string>
  headers: Record<string, string>
}

/** What is hidden from all that a run tells. */
export interface Confidential {
  /** What an agent inherits, with secrets among it. */
  environment?: Record<string, string>
  /** Set by people, as secrets. */
  secrets?: Record<string, string>
  /** Variables of MCP servers: hidden unless they are paths, addresses, numbers or words. */
  variables?: Record<string, string>
  /** The run's own, never hidden, even where a value is a part of it. */
  folder?: string
}

/**
 * Hides the values of secrets, whole and in parts, as they are and escaped, encoded, wrapped or indented; the name stands
 * in the place of the value. Values of fewer than eight significant characters cannot be hidden.
 */
export function createRedactor(confidential: Confidential): Redactor {
  const matcher = createMatcher(valuesOf(confidential).flatMap(([name, value]) => formsOf(name, value)))
  return redactorOf(confidential.folder ? sparing(matcher, confidential.folder) : matcher)
}

/** The variables of an MCP server, and each word of those that have several, such as `Bearer …`. */
export function wordsOf({ env, headers }: Variables): Record<string, string> {
  const values = Object.entries({ ...env, ...headers })
  const words = values.flatMap(([name, value]) => {
    const all = value.trim().split(/\s+/)
    return all.length < 2 ? [] : all.map((word, n) => [`${name} ${n + 1}`, word] as const)
  })
  return Object.fromEntries([...values, ...words])
}

/** A matcher that fails lets nothing through, and no error out. */
export function redactorOf(matcher: Matcher): Redactor {
  const guarded: Matcher = {
    spans(text) {
      try {
        return matcher.spans(text)
      } catch {
        return [{ start: 0, end: text.length, name: '' }]
      }
    },
    decided(text) {
      try {
        return matcher.decided(text)
      } catch {
        return text.length
      }
    }
  }
  return { text: text => replaced(text, guarded.spans(text)), stream: () => new RedactedStream(guarded) }
}

/** The name that a person gave comes first where a value has several. */
function valuesOf({ secrets = {}, variables = {}, environment = {} }: Confidential): [string, string][] {
  const given = Object.entries(variables).filter(([, value]) => !isPlain(value))
  return [...Object.entries(secrets), ...given, ...Object.entries(secretsOfEnvironment(environment))]
}

function sparing(matcher: Matcher, folder: string): Matcher {
  return {
    ...matcher,
    spans(text) {
      const spans = matcher.spans(text)
      return spans.length === 0 ? spans : outside(spans, text, folder)
    }
  }
}

function outside(spans: Span[], text: string, folder: string): Span[] {
  let spared = text.indexOf(folder)
  return spans.filter(({ start, end }) => {
    while (spared !== -1 && spared + folder.length < end) spared = text.indexOf(folder, spared + 1)
    return spared === -1 || start < spared
  })
}
