import { parsePatch } from 'diff'
import type { Hunk, ToolResultData } from '#contract/runs/events'
import type { FileChange } from './protocol.ts'

type Diff = NonNullable<ToolResultData['diff']>

/** A change as all runtimes tell it. Codex gives hunks of what it updates, and the whole text of what it adds or deletes. */
export function diffOf({ path, kind, diff }: FileChange): Diff {
  switch (kind.type) {
    case 'add':
      return { path, created: true, hunks: wholeFile(diff, '+') }
    case 'delete':
      return { path, created: false, hunks: wholeFile(diff, '-') }
    default:
      return { path: kind.move_path ?? path, created: false, hunks: hunksOf(diff) }
  }
}

/** What a person is asked about, by the fields that every runtime's edits have. */
export function requestOf(change: FileChange): Record<string, unknown> {
  const { path, kind, diff } = change
  if (kind.type === 'add') return { path, content: diff }
  if (kind.type === 'delete') return { path, delete: true, before: diff, after: '' }
  const lines = hunksOf(diff).flatMap(({ lines }) => lines)
  const side = (mark: string) => lines.filter(line => line[0] === ' ' || line[0] === mark).map(line => line.slice(1))
  const moved = kind.move_path == null ? {} : { move_path: kind.move_path }
  return { path, ...moved, before: side('-').join('\n'), after: side('+').join('\n') }
}

function hunksOf(diff: string): Hunk[] {
  try {
    return parsePatch(diff).flatMap(({ hunks }) => hunks)
  } catch {
    // A form that we do not know is shown as nothing rather than as something else.
    return []
  }
}

function wholeFile(content: string, mark: '+' | '-'): Hunk[] {
  if (content === '') return []
  const lines = content.replace(/\n$/, '').split('\n')
  const [none, all] = [
    { start: 0, lines: 0 },
    { start: 1, lines: lines.length }
  ]
  const [old, now] = mark === '+' ? [none, all] : [all, none]
  return [
    {
      oldStart: old.start,
      oldLines: old.lines,
      newStart: now.start,
      newLines: now.lines,
      lines: lines.map(line => `${mark}${line}`)
    }
  ]
}
