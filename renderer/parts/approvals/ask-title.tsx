import type { Approval } from '#contract/runs/approvals'
import { Said } from '../../ui/said.tsx'
import { askOf } from './approval-words.ts'

/** release-pilot wants to run `npm publish`: who asks comes first. */
export function AskTitle({ approval }: { approval: Approval }) {
  const { who, verb, subject } = askOf(approval)
  return (
    <>
      <Said>{who}</Said> <Said exact>{verb}</Said>
      {subject !== '' && ' '}
      {subject !== '' &&
        (approval.kind === 'tool' ? (
          <code>
            <Said exact>{subject}</Said>
          </code>
        ) : (
          <Said exact>{subject}</Said>
        ))}
    </>
  )
}
