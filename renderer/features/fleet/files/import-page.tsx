import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useAgentsTogether } from '../../../parts/agents.ts'
import { useMay } from '../../../parts/who.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty, Problem } from '../../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../../ui/page.tsx'
import { toast } from '../../../ui/toast.tsx'
import { ImportChoice } from './import-choice.tsx'
import { ImportEntries } from './import-entries.tsx'
import styles from './import-page.module.css'
import { useImport } from './use-import.ts'

const undoMs = 10_000

/** Agents of a file: chosen, looked at with what is wrong of each, then made in one go. */
export function ImportPage() {
  const may = useMay('write')
  const [, navigate] = useLocation()
  const together = useAgentsTogether()
  const work = useImport()
  useHotkeys([{ keys: 'Escape', label: 'Leave the import', run: () => navigate('/fleet') }])
  useEffect(() => {
    document.title = 'Import agents · Flotilla'
  }, [])
  const make = () =>
    work.make().then(made => {
      const undo = () => void together.deed(made, 'archive')
      toast(`${count(made.length, 'agent')} imported`, 'done', {
        label: 'Undo',
        keys: 'mod+z',
        forMs: undoMs,
        run: undo
      })
      navigate('/fleet')
    })
  const { chosen, entries, fault, failed, busy } = work
  return (
    <>
      <Bar back={{ href: '/fleet', label: 'Fleet' }}>
        <Title>Import agents</Title>
        <Gap />
        {entries.length > 0 && (
          <Button look="primary" disabled={busy || chosen.length === 0} onClick={() => void make().catch(() => {})}>
            Import {count(chosen.length, 'agent')}
          </Button>
        )}
      </Bar>
      {!may && <Empty title="Your role may look at agents, not make them" />}
      {may && (
        <div className={styles.page}>
          <ImportChoice name={work.fileName} onFile={file => void work.choose(file)} />
          {fault && <Problem title="The file cannot be imported">{fault}</Problem>}
          {failed !== null && <Problem title="No agent was made">{wordsOf(failed)}</Problem>}
          {entries.length > 0 && <ImportEntries work={work} />}
        </div>
      )}
    </>
  )
}
