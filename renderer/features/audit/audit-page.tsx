import { ChevronDown, ShieldCheck } from 'lucide-react'
import { useEffect } from 'react'
import { exportAudit, exportFormats } from '#contract/audit/audit'
import { wordsOf } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { LogTable } from '../../parts/log-table/log-table.tsx'
import { useMay, useMe, useWho } from '../../parts/who.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { WithPanel } from '../../ui/panel.tsx'
import styles from './audit.module.css'
import { type AuditAddress, useAuditAddress } from './audit-address.ts'
import { auditColumns } from './audit-columns.tsx'
import { AuditEntryPanel } from './audit-entry.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { apiQueryOf } from './audit-query.ts'
import { type AuditFilter, useAudit, useVerification } from './queries.ts'
import { Verification } from './verification.tsx'

/** Who did what, newest first; one entry of it open beside it. */
export function AuditPage() {
  const address = useAuditAddress()
  const me = useMe()
  const may = useMay('admin')
  const narrow = useNarrow()
  const check = useVerification()
  const filter = apiQueryOf(address.asked, me?.name)
  useEffect(() => {
    document.title = 'Audit log · Flotilla'
  }, [])
  const close = () => address.go({ entry: null })
  const open = narrow && address.entry !== null
  return (
    <>
      <Bar back={open ? { href: address.with({ entry: null }), label: 'All entries' } : undefined}>
        <Title>{open ? 'Entry' : 'Audit log'}</Title>
        <Gap />
        {may && !open && <Tools filter={filter} narrow={narrow} check={check} />}
      </Bar>
      {may ? (
        <Log address={address} filter={filter} check={check} narrow={narrow} onClose={close} />
      ) : (
        <Empty title="The audit log is for admins">
          It tells what everybody did, so it takes the role of an admin. An owner can give it to you.
        </Empty>
      )}
    </>
  )
}

interface ToolsProps {
  filter: AuditFilter
  narrow: boolean
  check: ReturnType<typeof useVerification>
}

const formatTitles = {
  csv: { title: 'CSV', note: 'For a spreadsheet' },
  jsonl: { title: 'JSON Lines', note: 'One entry a line, for programs' },
  json: { title: 'JSON', note: 'All entries in one document' }
}

function Tools({ filter, narrow, check }: ToolsProps) {
  const addressOf = (format: string) =>
    `${exportAudit.path}?${new URLSearchParams({ ...(filter as Record<string, string>), format })}`
  const run = () => check.mutate()
  return (
    <>
      {narrow ? (
        <IconButton icon={ShieldCheck} label="Check the chain" disabled={check.isPending} onClick={run} />
      ) : (
        <Button icon={ShieldCheck} disabled={check.isPending} onClick={run}>
          Check the chain
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <Button>
            <span className={styles.export}>
              Export <ChevronDown size={13} aria-hidden />
            </span>
          </Button>
        }
      >
        {exportFormats.toReversed().map(format => (
          <MenuItem key={format} note={formatTitles[format].note} onSelect={() => download(addressOf(format))}>
            {formatTitles[format].title}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}

/** The answer says that it is a file, so the page stays. */
function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}

interface LogProps {
  address: AuditAddress
  filter: AuditFilter
  check: ReturnType<typeof useVerification>
  narrow: boolean
  onClose: () => void
}

function Log({ address, filter, check, narrow, onClose }: LogProps) {
  const { items: entries, total, error, again, outdated, ...log } = useAudit(filter, useMe() !== undefined)
  const who = useWho()
  const known = entries?.find(entry => entry.seq === address.entry)
  return (
    <WithPanel>
      {!(narrow && address.entry !== null) && (
        <div className={styles.log}>
          <AuditFilters address={address} entries={entries ?? []} total={entries && total} />
          <Verification check={check} address={address} />
          {error && !entries && (
            <Problem
              title="The log could not be read"
              action={
                <Button small onClick={() => again()}>
                  Try again
                </Button>
              }
            >
              {wordsOf(error)} Everything is still written down.
            </Problem>
          )}
          {!entries && !error && <SkeletonRows height={34} />}
          {entries?.length === 0 && (
            <Empty
              title={address.filtered ? 'Nothing matches' : 'Nothing was done yet'}
              action={address.filtered && <Button onClick={() => address.go(nothing)}>Clear</Button>}
            />
          )}
          {entries && entries.length > 0 && (
            <LogTable
              key={JSON.stringify([filter, outdated])}
              label="Audit log"
              one="entry"
              className={styles.columns}
              columns={auditColumns(who)}
              items={entries}
              idOf={entry => String(entry.seq)}
              hrefOf={entry => address.with({ entry: String(entry.seq) })}
              chosen={address.entry === null ? null : String(address.entry)}
              heights={{ compact: 34, comfortable: 44, narrow: 76 }}
              total={total}
              onEnd={log.more}
              fresh={log.fresh > 0 ? count(log.fresh, 'new entry', 'new entries') : null}
              onFresh={log.catchUp}
            />
          )}
        </div>
      )}
      {address.entry !== null && (
        <AuditEntryPanel key={address.entry} seq={address.entry} known={known} address={address} onClose={onClose} />
      )}
    </WithPanel>
  )
}

const nothing = {
  search: null,
  actor: null,
  action: null,
  on: null,
  agent: null,
  through: null,
  outcome: null,
  after: null,
  before: null,
  entry: null
}
