import { keyLabel, useListedHotkeys } from '../../lib/hotkeys.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Key } from '../../ui/key.tsx'
import styles from './key-help.module.css'

/** What is bound at this moment, so that the list can never be wrong. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const hotkeys = useListedHotkeys()
  return (
    <Dialog title="Keys of this page" onClose={onClose}>
      <dl className={styles.keys}>
        {hotkeys.map(({ keys, label }) => (
          <div key={keys + label}>
            <dt>
              {keyLabel(keys)
                .split(' ')
                .map(step => (
                  <Key key={step}>{step}</Key>
                ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.actions}>
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  )
}
