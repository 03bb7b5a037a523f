import { useMemo } from 'react'
import type { Approval } from '#contract/runs/approvals'
import { isolated, visible } from '../../lib/visible.ts'
import { Said } from '../../ui/said.tsx'
import { hunksOf } from '../diff/diff-lines.ts'
import { DiffView } from '../diff/diff-view.tsx'
import { Markdown } from '../markdown.tsx'
import styles from './approval-body.module.css'
import { requestOf } from './approval-request.ts'
import { TrustBody } from './trust/trust-body.tsx'

/** The exact thing that would happen, never cut. Questions have a form of their own. */
export function ApprovalBody({ approval }: { approval: Approval }) {
  const request = useMemo(() => requestOf(approval), [approval])
  switch (request.kind) {
    case 'command':
      return <Code text={request.command} />
    case 'edit':
      return <ProposedEdit path={request.path} before={request.before} after={request.after} />
    case 'write':
      return <ProposedEdit path={request.path} before="" after={request.content} />
    case 'edits':
      return (
        <div className={styles.changes}>
          {request.edits.map(edit => (
            <ProposedEdit key={edit.path} {...edit} />
          ))}
        </div>
      )
    case 'fetch':
      return <Code text={request.url} />
    case 'plan':
      return (
        <div className={styles.plan}>
          <Markdown text={visible(request.text)} />
        </div>
      )
    case 'flow':
      return <Code text={request.prompt} />
    case 'trust':
      return <TrustBody approval={approval} />
    case 'question':
      return null
    case 'other':
      return request.json === '{}' ? null : <Code text={request.json} />
  }
}

function Code({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <pre className={styles.code} tabIndex={0}>
      {visible(text)}
    </pre>
  )
}

function ProposedEdit({ path, before, after }: { path: string; before: string; after: string }) {
  const hunks = useMemo(() => hunksOf(visible(before), visible(after)), [before, after])
  return (
    <div className={styles.change}>
      <div className={styles.path}>{visible(path)}</div>
      <DiffView hunks={hunks} label={isolated(path)} numbered={false} />
    </div>
  )
}

/** The agent's own words; nobody checked them. */
export function ApprovalReason({ approval }: { approval: Approval }) {
  const request = requestOf(approval)
  const note = request.kind === 'command' ? request.note : null
  const words = approval.reason ?? note
  return words ? (
    <p className={styles.reason}>
      “<Said exact>{words}</Said>”
    </p>
  ) : null
}
