import type { Assignment } from '#contract/runners/runner-protocol'
import { maxEventText } from '#contract/runs/events'
import { type Driver, type Ending, type Exit, endedWithoutResult, type Signal } from '../runtime.ts'

/** A program that just prints: what it prints is what it says, and its exit code is how it went. */
export class LinesDriver implements Driver {
  private readonly assignment: Assignment
  private last: string[] = []

  constructor(assignment: Assignment) {
    this.assignment = assignment
  }

  start(): Signal[] {
    // Many programs read their input to its end before they begin, so it must have one.
    const prompt: Signal[] = [{ type: 'write', line: this.assignment.prompt }]
    return this.assignment.command?.prompt === 'argument' ? [{ type: 'over' }] : [...prompt, { type: 'over' }]
  }

  /** Lines that arrive together become one event, unless one of them is too long to leave room for the others. */
  lines(batch: string[]): Signal[] {
    return grouped(batch).flatMap(message => this.said(message))
  }

  private said(message: string): Signal[] {
    if (message.trim() === '') return []
    this.last = lastOf([...this.last, ...message.split('\n')])
    return [{ type: 'event', kind: 'assistant', message, data: {} }]
  }

  errorLines(batch: string[]): Signal[] {
    return batch.length === 0 ? [] : [{ type: 'output', subtype: 'stderr', text: batch.join('\n') }]
  }

  end(exit: Exit): Ending {
    if (exit.code !== 0) return endedWithoutResult(this.assignment.command?.program ?? 'The program', exit)
    return { outcome: 'SUCCEEDED', result: this.last.join('\n'), error: null }
  }

  answer(): Signal[] {
    return []
  }

  message(): Signal[] {
    return []
  }

  interrupt(): Signal[] {
    return []
  }

  adjust(): Signal[] {
    return []
  }

  alarm(): Signal[] {
    return []
  }
}

/** The result is this many of the last lines, however they came together, and no more text than an event takes. */
const resultLines = 64

function lastOf(lines: string[]): string[] {
  const last = lines.slice(-resultLines)
  let room = maxEventText
  const fitting = last.findLastIndex(line => {
    room -= line.length + 1
    return room < 0
  })
  // The very last line stays, whatever its length.
  return last.slice(Math.min(fitting + 1, last.length - 1))
}

function grouped(lines: string[]): string[] {
  const groups: string[] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last === undefined || last.length + line.length >= maxEventText) groups.push(line)
    else groups[groups.length - 1] = `${last}\n${line}`
  }
  return groups
}
