import { Keyboard, Lock, type LucideIcon, Monitor, Moon, Network, Rows2, Rows4, Search, Sun, X } from 'lucide-react'
import { Link, useRoute } from 'wouter'
import { keyLabel } from '../../lib/hotkeys.ts'
import { useLive } from '../../lib/live.ts'
import { setPreference, type Theme, usePreferences } from '../../lib/preferences.ts'
import { type Screen, type ScreenGroup, screenGroups } from '../../lib/screen.ts'
import { engineState, foremostEngine, productOf, useEngines } from '../../parts/engines.ts'
import { nextRunner, useRunners } from '../../parts/runners.ts'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Glyph, type Tone } from '../../ui/glyph.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './navigation.module.css'

interface Props {
  screens: readonly Screen[]
  onHelp: () => void
  onSearch: () => void
  /** It lies over the page and can be put away. */
  onClose?: (() => void) | undefined
}

const groupTitles: Record<ScreenGroup, string | null> = { work: null, observe: 'Observe', configure: 'Configure' }

/** Where one can go and what is connected: beside the page, or in a drawer over it. */
export function Navigation({ screens, onHelp, onSearch, onClose }: Props) {
  return (
    <nav className={styles.sidebar} aria-label="Main">
      <div className={styles.brand}>
        <BrandMark />
        <b className={styles.word}>Flotilla</b>
        {onClose && (
          <span className={styles.close}>
            <IconButton icon={X} label="Close" onClick={onClose} />
          </span>
        )}
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
        {screenGroups.map(group => {
          const its = screens.filter(screen => screen.group === group)
          const title = groupTitles[group]
          if (its.length === 0) return null
          return (
            <section key={group} aria-label={title ?? 'Work'}>
              {title && <h2 className={styles.group}>{title}</h2>}
              {its.map(screen => (
                <NavLink key={screen.path} screen={screen} />
              ))}
            </section>
          )
        })}
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

const nobodyWaits = () => 0

function NavLink({ screen }: { screen: Screen }) {
  const { title, path, icon: Icon, keys, useWaiting = nobodyWaits } = screen
  const waiting = useWaiting()
  const [exact] = useRoute(path)
  const [below] = useRoute(`${path}/*`)
  const name = waiting > 0 ? `${title}, ${waiting} waiting` : title
  return (
    <Tooltip text={name} hotkey={keys} side="right">
      <Link href={path} className={styles.link} aria-label={name} aria-current={exact || below ? 'page' : undefined}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <span className={styles.word}>{title}</span>
        {waiting > 0 && <span className={styles.badge}>{waiting}</span>}
      </Link>
    </Tooltip>
  )
}

/** Honest facts: what is connected, and who could reach this. */
function Facts() {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)
  return (
    <div className={styles.facts}>
      <EngineFact />
      <RunnerFact />
      <div className={styles.fact}>
        {local ? <Lock size={12} aria-hidden /> : <Network size={12} aria-hidden />}
        <span className={styles.word}>{local ? 'Local only' : 'Over the network'}</span>
        <span className={`${styles.word} ${styles.value}`}>:{location.port || '80'}</span>
      </div>
    </div>
  )
}

/** The engine that matters, and the way to all of them. */
function EngineFact() {
  const lost = useLive().name === 'lost'
  const engine = foremostEngine(useEngines().data?.data)
  const { tone, words } =
    engine && !lost ? engineState(engine) : { tone: 'queued' as const, words: lost ? 'Unknown' : '' }
  const name = engine ? productOf(engine) : 'Engine'
  const said = engine?.trouble ? `${engine.trouble.message}. ${engine.trouble.wayOut}` : engine?.facts?.version
  return (
    <Tooltip text={[name, said].filter(Boolean).join(', ')} side="right">
      <Link href="/settings/engines" className={styles.fact} aria-label={`Container engines: ${name}, ${words}`}>
        <Glyph tone={tone} size={12} />
        <span className={styles.word}>{name}</span>
        <span className={`${styles.word} ${styles.value}`}>{words.toLowerCase()}</span>
      </Link>
    </Tooltip>
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
