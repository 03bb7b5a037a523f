import { setPreference, type Theme, usePreferences } from '../../lib/preferences.ts'
import { useSystem } from '../../parts/system.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

const themes: readonly { id: Theme; title: string }[] = [
  { id: 'system', title: 'As the system' },
  { id: 'light', title: 'Light' },
  { id: 'dark', title: 'Dark' }
]
const densities = [
  { id: 'compact', title: 'Compact' },
  { id: 'comfortable', title: 'Comfortable' }
] as const

export function GeneralSettings() {
  const { theme, density } = usePreferences()
  const { data: system } = useSystem()
  return (
    <>
      <Setting title="Theme" note="Of this browser or window. It follows the system unless you choose.">
        <Segments label="Theme" options={themes} chosen={theme} onChoose={id => setPreference({ theme: id })} />
      </Setting>
      <Setting title="Density" note="Comfortable has taller rows and fields.">
        <Segments
          label="Density"
          options={densities}
          chosen={density}
          onChoose={id => setPreference({ density: id })}
        />
      </Setting>
      <Setting title="Address" note="Where this control plane answers. Tools on this computer use the same.">
        {system && <Copyable label="the address" text={system.url} />}
      </Setting>
    </>
  )
}

interface SegmentsProps<Id extends string> {
  label: string
  options: readonly { id: Id; title: string }[]
  chosen: Id
  onChoose: (id: Id) => void
}

/** One of few, all seen at once; radio buttons by nature. */
function Segments<Id extends string>({ label, options, chosen, onChoose }: SegmentsProps<Id>) {
  return (
    <fieldset className={styles.segments}>
      <legend className="hidden-label">{label}</legend>
      {options.map(({ id, title }) => (
        <label key={id} data-checked={id === chosen || undefined}>
          <input type="radio" name={label} checked={id === chosen} onChange={() => onChoose(id)} />
          {title}
        </label>
      ))}
    </fieldset>
  )
}
