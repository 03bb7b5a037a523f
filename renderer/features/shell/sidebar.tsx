import {
  Activity,
  Inbox,
  Keyboard,
  Lock,
  type LucideIcon,
  Monitor,
  Moon,
  Network,
  Rows2,
  Rows4,
  Search,
  Sun
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useRoute } from 'wouter'
import { keyLabel } from '../../lib/hotkeys.ts'
import { useLive } from '../../lib/live.ts'
import { setPreference, type Theme, usePreferences } from '../../lib/preferences.ts'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'
import { nextRunner, useRunners } from '../../parts/runners.ts'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Glyph, type Tone } from '../../ui/glyph.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './sidebar.module.css'

export function Sidebar({ onHelp, onSearch }: { onHelp: () => void; onSearch: () => void }) {
  const waiting = usePendingApprovals().data?.pagination.total ?? 0
  return (
    <nav className={styles.sidebar} aria-label="Main">
      <div className={styles.brand}>
        <BrandMark />
        <b className={styles.word}>Flotilla</b>
      </div>
      <Tooltip text="Search or run" hotkey="mod+k" side="right">
        <button type="button" className={styles.search} onClick={onSearch}>
          <Search size={14} aria-hidden />
          <span className={styles.word}>Search or run</span>
          <span className={`${styles.word} ${styles.value}`} aria-hidden>
            {keyLabel('mod+k')}
          </span>
        </button>
      </Tooltip>
      <div className={styles.links}>
        <NavLink to="/runs" icon={Activity} title="Runs" />
        <NavLink
          to="/approvals"
          icon={Inbox}
          title="Approvals"
          badge={waiting > 0 && <span className={styles.badge}>{waiting}</span>}
          name={waiting > 0 ? `Approvals, ${waiting} waiting` : 'Approvals'}
        />
      </div>
      <Facts />
      <div className={styles.tools}>
        <ThemeButton />
        <DensityButton />
        <IconButton icon={Keyboard} label="Keys of this page" hotkey="?" onClick={onHelp} />
      </div>
    </nav>
  )
}

interface NavLinkProps {
  to: string
  icon: LucideIcon
  title: string
  name?: string
  badge?: ReactNode
}

function NavLink({ to, icon: Icon, title, name = title, badge }: NavLinkProps) {
  const [exact] = useRoute(to)
  const [below] = useRoute(`${to}/*`)
  const here = exact || below
  return (
    <Tooltip text={name} side="right">
      <Link href={to} className={styles.link} aria-label={name} aria-current={here ? 'page' : undefined}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <span className={styles.word}>{title}</span>
        {badge}
      </Link>
    </Tooltip>
  )
}

/** Honest facts: what is connected, and who could reach this. */
function Facts() {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)
  return (
    <div className={styles.facts}>
      <RunnerFact />
      <div className={styles.fact}>
        {local ? <Lock size={12} aria-hidden /> : <Network size={12} aria-hidden />}
        <span className={styles.word}>{local ? 'Local only' : 'Over the network'}</span>
        <span className={`${styles.word} ${styles.value}`}>:{location.port || '80'}</span>
      </div>
    </div>
  )
}

function RunnerFact() {
  const live = useLive()
  const runners = useRunners().data?.data
  const online = runners?.filter(one => one.status === 'online').length ?? 0
  const total = runners?.length ?? 0
  const next = nextRunner(runners)
  const warnings = next?.status === 'online' ? next.warnings.map(({ message }) => message) : []
  const { tone, words } = factOf(live.name === 'lost', runners !== undefined, online, total)
  const who = next ? `${next.name} on ${next.hostname}, ${next.version}` : words
  return (
    <Tooltip text={[who, ...warnings].join('. ')} side="right">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip must open by keyboard too */}
      <div className={styles.fact} tabIndex={0}>
        <Glyph tone={tone === 'done' && warnings.length > 0 ? 'waiting' : tone} size={12} />
        <span className={styles.word}>{total > 1 ? 'Runners' : 'Runner'}</span>
        <span className={`${styles.word} ${styles.value}`}>{words}</span>
      </div>
    </Tooltip>
  )
}

function factOf(lost: boolean, known: boolean, online: number, total: number): { tone: Tone; words: string } {
  if (lost || !known) return { tone: 'queued', words: lost ? 'unknown' : '' }
  if (total === 0) return { tone: 'stopped', words: 'none yet' }
  if (total === 1) return online === 1 ? { tone: 'done', words: 'online' } : { tone: 'failed', words: 'offline' }
  return { tone: online > 0 ? 'done' : 'failed', words: `${online} of ${total} online` }
}

const themes: Record<Theme, { icon: LucideIcon; label: string; next: Theme }> = {
  system: { icon: Monitor, label: 'Theme: as the system. Change to light', next: 'light' },
  light: { icon: Sun, label: 'Theme: light. Change to dark', next: 'dark' },
  dark: { icon: Moon, label: 'Theme: dark. Change to that of the system', next: 'system' }
}

function DensityButton() {
  const compact = usePreferences(state => state.density) === 'compact'
  return (
    <IconButton
      icon={compact ? Rows4 : Rows2}
      label={compact ? 'Density: compact. Change to comfortable' : 'Density: comfortable. Change to compact'}
      onClick={() => setPreference({ density: compact ? 'comfortable' : 'compact' })}
    />
  )
}

function ThemeButton() {
  const theme = usePreferences(state => state.theme)
  const { icon, label, next } = themes[theme]
  return <IconButton icon={icon} label={label} onClick={() => setPreference({ theme: next })} />
}
