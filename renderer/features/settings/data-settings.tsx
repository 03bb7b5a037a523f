import { useQuery } from '@tanstack/react-query'
import { type DataReport, getData } from '#contract/data'
import { call, wordsOf } from '../../lib/call.ts'
import { bytes, count } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useMay } from '../../parts/who.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { BackupSettings } from './backup-settings.tsx'
import { RetentionSettings } from './retention-settings.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

/** What everything weighs, how long it is kept, and copies of it. */
export function DataSettings() {
  const may = useMay('admin')
  // Runs make it heavier without a word: whoever comes sees it as it is.
  const report = useQuery({
    queryKey: keys.data,
    queryFn: ({ signal }) => call(getData, { signal }),
    staleTime: 0,
    enabled: may
  })
  if (!may)
    return <Empty title="This is for those who run Flotilla">Ask an owner or an admin to change what is kept.</Empty>
  if (report.error && !report.data)
    return (
      <Problem
        title="What the data weighs could not be read"
        action={
          <Button small onClick={() => void report.refetch()}>
            Try again
          </Button>
        }
      >
        {wordsOf(report.error)}
      </Problem>
    )
  if (!report.data) return <SkeletonRows height={60} />
  return (
    <>
      <Weights report={report.data} />
      <RetentionSettings kept={report.data.retention} />
      <BackupSettings restore={report.data.restore} />
    </>
  )
}

function Weights({ report }: { report: DataReport }) {
  const { runs, events, images, messages, audit, otherBytes, freeBytes, databaseBytes, workspaces, backups } = report
  const parts = [
    { title: 'Events of runs', note: 'output, diffs, thinking', bytes: events.bytes },
    { title: 'Runs', note: count(runs.count, 'run'), bytes: runs.bytes },
    { title: 'Images', note: `${count(images.count, 'image')} of prompts`, bytes: images.bytes },
    { title: 'Messages', note: count(messages.count, 'message'), bytes: messages.bytes },
    { title: 'Audit log', note: `${count(audit.count, 'entry', 'entries')}, always kept`, bytes: audit.bytes },
    { title: 'All else', note: 'usage, search, settings', bytes: otherBytes },
    { title: 'Free room', note: 'used again before it grows', bytes: freeBytes },
    {
      title: 'Private folders',
      note: `${count(workspaces.count, 'folder')}${workspaces.complete ? '' : ', at least'}`,
      bytes: workspaces.bytes
    },
    { title: 'Backups', note: count(backups.count, 'copy', 'copies'), bytes: backups.bytes }
  ]
  const total = databaseBytes + workspaces.bytes + backups.bytes
  return (
    <Setting title="What it weighs" note={`${bytes(databaseBytes)} of it is the database.`}>
      <dl className={styles.weights}>
        {parts.map(part => (
          <div key={part.title}>
            <dt>
              {part.title}
              <small>{part.note}</small>
            </dt>
            <dd>
              <Meter value={part.bytes} max={total} label={`Share of ${part.title}`} text={bytes(part.bytes)} />
            </dd>
            <dd>{bytes(part.bytes)}</dd>
          </div>
        ))}
      </dl>
      {report.sweeping && <p className={styles.note}>Things that were let go are still being deleted.</p>}
      <p className={styles.note}>All of it lies in this folder of the control plane’s computer:</p>
      <Copyable label="the data folder" text={report.folder} />
    </Setting>
  )
}
