import { ChevronDown, Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Epic } from '#contract/work/tasks'
import { count } from '../../lib/format.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { isolated } from '../../lib/visible.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Said } from '../../ui/said.tsx'
import { Sheet, SheetRow } from '../../ui/sheet.tsx'
import { DeleteEpic, EpicDialog } from './epic-dialog.tsx'
import { Swatch } from './epic-name.tsx'
import styles from './epics.module.css'

interface Props {
  epics: readonly Epic[]
  /** Tasks that pass the other filters. */
  total: number | undefined
  chosen: string
  readOnly: string | null
  onChoose: (id: string) => void
}

/** Every epic with its progress; one that is chosen filters the board. */
export function EpicsStrip(props: Props) {
  const { epics, chosen, readOnly, onChoose } = props
  const [dialog, setDialog] = useState<'new' | 'edit' | 'delete' | null>(null)
  const narrow = useNarrow()
  const epic = epics.find(one => one.id === chosen)
  const close = () => setDialog(null)
  return (
    <>
      {narrow ? (
        <EpicPick {...props} onNew={() => setDialog('new')} />
      ) : (
        <nav className={styles.strip} aria-label="Filter tasks by epic">
          <Chip
            on={chosen === ''}
            onChoose={() => onChoose('')}
            title="All epics"
            note={chosen === '' ? totalWords(props) : ''}
          />
          {epics.map(one => (
            <button
              key={one.id}
              type="button"
              className={styles.epic}
              aria-current={one.id === chosen ? 'true' : undefined}
              onClick={() => onChoose(one.id === chosen ? '' : one.id)}
            >
              <Swatch epic={one} epics={epics} />
              <b>
                <Said>{one.title}</Said>
              </b>
              <span className={styles.meter}>
                <Meter value={one.done} max={one.tasks} label={`Done of ${isolated(one.title)}`} text={progress(one)} />
              </span>
              <span>{progress(one)}</span>
            </button>
          ))}
          {!readOnly && (
            <span className={styles.tools}>
              {epic && (
                <Menu align="end" trigger={<IconButton icon={Ellipsis} label="Actions of the epic" />}>
                  <MenuItem icon={Pencil} onSelect={() => setDialog('edit')}>
                    Edit epic…
                  </MenuItem>
                  <MenuItem icon={Trash2} note="Its tasks stay" onSelect={() => setDialog('delete')}>
                    Delete epic…
                  </MenuItem>
                </Menu>
              )}
              <Button small look="ghost" icon={Plus} onClick={() => setDialog('new')}>
                New epic
              </Button>
            </span>
          )}
        </nav>
      )}
      {dialog === 'new' && <EpicDialog epic={null} onClose={close} />}
      {dialog === 'edit' && epic && <EpicDialog epic={epic} onClose={close} />}
      {dialog === 'delete' && epic && <DeleteEpic epic={epic} onClose={close} onDeleted={() => onChoose('')} />}
    </>
  )
}

function Chip({ on, onChoose, title, note }: { on: boolean; onChoose: () => void; title: string; note: string }) {
  return (
    <button type="button" className={styles.epic} aria-current={on ? 'true' : undefined} onClick={onChoose}>
      <b>{title}</b>
      <span>{note}</span>
    </button>
  )
}

function EpicPick({ epics, chosen, readOnly, onChoose, onNew, ...props }: Props & { onNew: () => void }) {
  const [open, setOpen] = useState(false)
  const epic = epics.find(one => one.id === chosen)
  const choose = (id: string) => {
    setOpen(false)
    onChoose(id)
  }
  return (
    <>
      <button type="button" className={styles.pick} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {epic && <Swatch epic={epic} epics={epics} />}
        <b>{epic ? <Said>{epic.title}</Said> : 'All epics'}</b>
        <span>{epic ? progress(epic) : totalWords(props)}</span>
        <ChevronDown size={18} aria-hidden />
      </button>
      {open && (
        <Sheet title="Epics" onClose={() => setOpen(false)}>
          <SheetRow onSelect={() => choose('')} note={chosen === '' ? 'Chosen' : undefined}>
            All epics
          </SheetRow>
          {epics.map(one => (
            <SheetRow
              key={one.id}
              note={progress(one) + (one.id === chosen ? ' · Chosen' : '')}
              onSelect={() => choose(one.id)}
            >
              <Said>{one.title}</Said>
            </SheetRow>
          ))}
          {!readOnly && (
            <SheetRow
              icon={Plus}
              onSelect={() => {
                setOpen(false)
                onNew()
              }}
            >
              New epic…
            </SheetRow>
          )}
        </Sheet>
      )}
    </>
  )
}

function totalWords({ total }: Pick<Props, 'total'>): string {
  return total === undefined ? '' : count(total, 'task')
}

function progress({ done, tasks }: Epic): string {
  return `${done} of ${tasks}`
}
