import { ChevronDown, ListFilter, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { RunStatus } from '#contract/runs/runs'
import { folderName } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { isolated } from '../../../lib/visible.ts'
import { recentFolders } from '../../../parts/launch.ts'
import { nextRunner, useRunners } from '../../../parts/runners.ts'
import { useSystem } from '../../../parts/system.ts'
import { Button } from '../../../ui/button.tsx'
import { Shortcut } from '../../../ui/key.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { Said } from '../../../ui/said.tsx'
import { type RunFilters, statusFilters } from './run-filters.ts'
import styles from './runs-page.module.css'

interface Props {
  filters: RunFilters
  /** Folders of the runs that are there. */
  folders: readonly string[]
  /** Enter in the field. */
  onEnter: () => void
}

/** Text, status, runtime and folder; each that is on stands there with a way to leave it out. */
export function FilterRow({ filters, folders, onEnter }: Props) {
  const reports = nextRunner(useRunners().data?.data)?.runtimes ?? []
  const offered = [...new Set([...folders, ...recentFolders()])].slice(0, 20)
  return (
    <div className={styles.filters}>
      <TextFilter filters={filters} onEnter={onEnter} />
      <Statuses filters={filters} />
      <PickFilter
        title="Runtime"
        chosen={filters.runtime}
        options={reports.map(({ id, title }) => ({ id, title }))}
        onPick={id => filters.set('runtime', id)}
      />
      <PickFilter
        title="Folder"
        chosen={filters.folder}
        options={offered.map(folder => ({ id: folder, title: folderName(folder), note: folder }))}
        onPick={folder => filters.set('folder', folder)}
      />
    </div>
  )
}

const typedMs = 200

function TextFilter({ filters: { search, set }, onEnter }: Pick<Props, 'filters' | 'onEnter'>) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(search)
  const last = useRef(set)
  last.current = set
  // Back and forward change the address; the field follows.
  useEffect(() => setText(search), [search])
  useEffect(() => {
    if (text.trim() === search) return
    const timer = setTimeout(() => last.current('search', text.trim()), typedMs)
    return () => clearTimeout(timer)
  }, [text, search])
  useHotkeys([{ keys: '/', label: 'Filter runs', run: () => field.current?.select() }])
  return (
    <label className={styles.text}>
      <ListFilter size={14} aria-hidden />
      <span className="hidden-label">Filter runs by words of the prompt, or # and a number</span>
      <input
        ref={field}
        type="search"
        placeholder="Filter runs, or #4821"
        maxLength={200}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') onEnter()
          if (event.key === 'Escape') {
            setText('')
            event.currentTarget.blur()
          }
        }}
      />
      <span className={styles.slash} aria-hidden>
        <Shortcut keys="/" />
      </span>
    </label>
  )
}

function Statuses({ filters }: Pick<Props, 'filters'>) {
  const counts = useSystem().data?.runs
  const countOf = (statuses: readonly RunStatus[]) => statuses.reduce((sum, one) => sum + (counts?.[one] ?? 0), 0)
  return (
    <nav className={styles.statuses} aria-label="Filter runs by status">
      <Link
        href={filters.withStatus(undefined)}
        className={styles.filter}
        aria-current={filters.status ? undefined : 'true'}
      >
        All
      </Link>
      {statusFilters.map(({ id, title, statuses }) => {
        const count = counts && countOf(statuses)
        return (
          <Link
            key={id}
            href={filters.withStatus(id)}
            className={styles.filter}
            aria-current={filters.status?.id === id ? 'true' : undefined}
          >
            {title}
            {count !== undefined && (
              <span className={styles.count} data-urgent={(id === 'waiting' && count > 0) || undefined}>
                {count.toLocaleString('en-US')}
              </span>
            )}
          </Link>
        )
      })}
    </nav>
  )
}

interface PickProps {
  title: string
  chosen: string
  options: readonly { id: string; title: string; note?: string }[]
  onPick: (id: string) => void
}

function PickFilter({ title, chosen, options, onPick }: PickProps) {
  if (chosen !== '') {
    const name = options.find(one => one.id === chosen)?.title ?? chosen
    return (
      <button
        type="button"
        className={styles.chip}
        aria-label={`${title}: ${isolated(name)}. Leave it out`}
        title={isolated(chosen)}
        onClick={() => onPick('')}
      >
        <span className="truncate">
          {title}: <Said>{name}</Said>
        </span>
        <X size={13} aria-hidden />
      </button>
    )
  }
  if (options.length === 0) return null
  return (
    <Menu
      trigger={
        <Button small>
          <span className={styles.pick}>
            {title} <ChevronDown size={13} aria-hidden />
          </span>
        </Button>
      }
    >
      {options.map(one => (
        <MenuItem key={one.id} note={one.note && isolated(one.note)} onSelect={() => onPick(one.id)}>
          {isolated(one.title)}
        </MenuItem>
      ))}
    </Menu>
  )
}
