import { Plug, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Mcp } from '#contract/fleet/mcps'
import { wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { isolated } from '../../lib/visible.ts'
import { useMay } from '../../parts/who.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { Records } from '../../ui/records.tsx'
import { Said } from '../../ui/said.tsx'
import { columnsOf, type Open } from './mcp-columns.tsx'
import { McpForm } from './mcp-form.tsx'
import styles from './mcps.module.css'
import { type Receivers, useMcps, useReceivers, useRemoveMcp } from './queries.ts'
import { TestDialog } from './test-dialog.tsx'

/** Tools that agents are given. */
export function McpsPage() {
  const mcps = useMcps()
  const may = useMay('write')
  const receiversOf = useReceivers()
  const [open, setOpen] = useState<Open | null>(null)
  const all = mcps.data?.data
  const close = () => setOpen(null)
  useEffect(() => {
    document.title = 'MCP servers · Flotilla'
  }, [])
  useHotkeys(may ? [{ keys: 'shift+n', label: 'Add an MCP server', run: () => setOpen({ form: 'new' }) }] : [])
  return (
    <>
      <Bar>
        <Title>MCP servers</Title>
        {all && <span className={styles.count}>{all.length}</span>}
        <Gap />
        {may && (
          <Button look="primary" icon={Plus} onClick={() => setOpen({ form: 'new' })}>
            Add server
          </Button>
        )}
      </Bar>
      <div className={styles.page}>
        <p className={styles.words}>
          Given to agents when a run starts. One that lacks a secret or does not answer is left out, and the run says
          so. {!may && 'You can look; to test or change them takes the role of a member.'}
        </p>
        {mcps.error && !all && <Unreadable fault={mcps.error} onRetry={() => void mcps.refetch()} />}
        {!all && !mcps.error && <SkeletonRows height={50} />}
        {all?.length === 0 && (
          <Empty icon={Plug} title="No MCP servers yet">
            One gives agents tools beside their own: an issue tracker, a database, a browser.
          </Empty>
        )}
        {all && all.length > 0 && (
          <Records
            label="MCP servers"
            columns={columnsOf({ may, receiversOf, onOpen: setOpen })}
            items={all}
            keyOf={({ id }) => id}
          />
        )}
      </div>
      {open?.form === 'new' && <McpForm onClose={close} />}
      {open?.form === 'edit' && <McpForm known={open.mcp} onClose={close} />}
      {open?.form === 'test' && <TestDialog mcp={open.mcp} onClose={close} />}
      {open?.form === 'delete' && (
        <DeleteMcp mcp={open.mcp} receivers={receiversOf?.(open.mcp.id) ?? null} onClose={close} />
      )}
    </>
  )
}

interface DeleteProps {
  mcp: Mcp
  receivers: Receivers | null
  onClose: () => void
}

const namedAgents = 8

function DeleteMcp({ mcp, receivers, onClose }: DeleteProps) {
  const remove = useRemoveMcp()
  const names = receivers?.names ?? []
  return (
    <FormDialog
      title={`Delete ${isolated(mcp.name)}?`}
      action="Delete"
      danger
      onSubmit={() => remove(mcp)}
      onClose={onClose}
    >
      <p>Runs that start from now on go without its tools; those at work keep them until they end.</p>
      {names.length > 0 && (
        <p>
          It is given to{' '}
          {names.slice(0, namedAgents).map((name, i) => (
            <span key={name}>
              {i > 0 && ', '}
              <Said>{name}</Said>
            </span>
          ))}
          {names.length > namedAgents && ` and ${names.length - namedAgents} more`}.
        </p>
      )}
      <p>The values of its variables cannot be brought back.</p>
    </FormDialog>
  )
}

function Unreadable({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const again = (
    <Button small onClick={onRetry}>
      Try again
    </Button>
  )
  return (
    <Problem title="The MCP servers could not be listed" action={again}>
      {wordsOf(fault)}
    </Problem>
  )
}
