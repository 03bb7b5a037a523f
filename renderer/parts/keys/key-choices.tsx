import { type KeyboardEvent, useState } from 'react'
import { effectiveKeys, type Hotkey, isSingle, nameOf, useListedHotkeys } from '../../lib/hotkeys.ts'
import { setPreference, usePreferences } from '../../lib/preferences.ts'
import { Button } from '../../ui/button.tsx'
import { Steps } from '../../ui/key.tsx'
import styles from './key-choices.module.css'

/** What is bound at this moment, so that the list can never be wrong; each key can be another one, or none. */
export function KeyChoices() {
  const hotkeys = useListedHotkeys()
  const settings = usePreferences(state => state.keys)
  const changed = Object.keys(settings.ownKeys).length > 0
  return (
    <>
      <label className={styles.single}>
        <input
          type="checkbox"
          checked={settings.singleKeys}
          onChange={event => setPreference({ keys: { ...settings, singleKeys: event.target.checked } })}
        />
        <span>
          Keys of one character
          <span className={styles.note}>Off: letters alone do nothing, for who speaks to the computer.</span>
        </span>
      </label>
      <dl className={styles.keys}>
        {hotkeys.map(hotkey => (
          <KeyRow key={hotkey.keys + hotkey.label} hotkey={hotkey} all={hotkeys} />
        ))}
      </dl>
      {changed && (
        <Button look="ghost" onClick={() => setPreference({ keys: { ...settings, ownKeys: {} } })}>
          Use the keys of before
        </Button>
      )}
    </>
  )
}

function KeyRow({ hotkey, all }: { hotkey: Hotkey; all: readonly Hotkey[] }) {
  const settings = usePreferences(state => state.keys)
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const own = settings.ownKeys[hotkey.keys] ?? hotkey.keys
  const off = isSingle(own) && !settings.singleKeys
  const take = (event: KeyboardEvent) => {
    if (event.key === 'Tab') return setAsking(false)
    event.preventDefault()
    event.stopPropagation()
    const name = nameOf(event.nativeEvent)
    if (name === null || event.repeat) return
    if (name === 'Escape') return setAsking(false)
    const taken = all.find(one => one !== hotkey && effectiveKeys(one.keys, { ...settings, singleKeys: true }) === name)
    if (taken) return setFault(`${taken.label} has this key`)
    setFault(null)
    setAsking(false)
    const { [hotkey.keys]: _, ...others } = settings.ownKeys
    const ownKeys = name === hotkey.keys ? others : { ...others, [hotkey.keys]: name }
    setPreference({ keys: { ...settings, ownKeys } })
  }
  return (
    <div>
      <dt>
        <button
          type="button"
          className={styles.change}
          data-off={off || undefined}
          aria-label={`Key for ${hotkey.label}: ${asking ? 'press one' : off ? 'off' : own}. Change`}
          onClick={() => setAsking(true)}
          onBlur={() => setAsking(false)}
          onKeyDown={event => asking && take(event)}
        >
          {asking ? 'Press a key' : <Steps keys={own} />}
        </button>
      </dt>
      <dd>
        {hotkey.label}
        {fault && (
          <span className={styles.fault} role="alert">
            {fault}
          </span>
        )}
      </dd>
    </div>
  )
}
