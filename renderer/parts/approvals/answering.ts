import type { Approval } from '#contract/runs/approvals'
import type { Edit } from './approval-edit.tsx'
import type { Decision } from './approvals.ts'

export type Mode = { name: 'buttons' } | { name: 'edit'; edit: Edit } | { name: 'pattern'; pattern: string }

/** What every way to draw the answers of a request is handed. */
export interface Answering {
  approval: Approval
  pending: boolean
  /** Attributes of a button that answers, from the guard. */
  button: (disabled: boolean) => object
  notYet: string | null
  answer: (decision: Decision) => void
  onMode: (mode: Mode) => void
}
