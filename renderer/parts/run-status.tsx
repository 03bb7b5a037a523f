import { isEnded, type Run, type RunStatus } from '#contract/runs/runs'
import { Glyph, Pill, Status, type Tone } from '../ui/glyph.tsx'

const looks: Record<RunStatus, { tone: Tone; word: string; long?: string }> = {
  QUEUED: { tone: 'queued', word: 'Queued' },
  CLAIMED: { tone: 'queued', word: 'Starting' },
  RUNNING: { tone: 'running', word: 'Running' },
  WAITING: { tone: 'waiting', word: 'Waiting', long: 'Waiting for you' },
  SUCCEEDED: { tone: 'done', word: 'Done' },
  FAILED: { tone: 'failed', word: 'Failed' },
  CANCELLED: { tone: 'cancelled', word: 'Cancelled' },
  TIMED_OUT: { tone: 'failed', word: 'Timed out' },
  LOST: { tone: 'failed', word: 'Lost' }
}

type Shown = Pick<Run, 'status' | 'stopping'>

function lookOf({ status, stopping }: Shown): { tone: Tone; word: string; long?: string } {
  return stopping !== 'no' && !isEnded(status) ? { tone: looks[status].tone, word: 'Stopping' } : looks[status]
}

export function runTone(status: RunStatus): Tone {
  return looks[status].tone
}

export function statusWord(run: Shown): string {
  const look = lookOf(run)
  return look.long ?? look.word
}

export function RunStatusText({ run }: { run: Shown }) {
  const { tone, word } = lookOf(run)
  return <Status tone={tone}>{word}</Status>
}

export function RunPill({ run }: { run: Shown }) {
  return <Pill tone={lookOf(run).tone}>{statusWord(run)}</Pill>
}

export function RunGlyph({ run, size }: { run: Shown; size?: number }) {
  return <Glyph tone={lookOf(run).tone} size={size} label={statusWord(run)} />
}
