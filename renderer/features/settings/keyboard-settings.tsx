import { KeyChoices } from '../../parts/keys/key-choices.tsx'
import { Setting } from './setting.tsx'

/** Keys that do the same everywhere; those of a page stand under `?` there. */
export function KeyboardSettings() {
  return (
    <Setting
      title="Keys"
      note="Of this browser or window. Press a key to choose another one. A page's own keys are listed and changed there, by ?."
    >
      <div>
        <KeyChoices />
      </div>
    </Setting>
  )
}
