import { useId } from 'react'
import styles from '../../../parts/launch/launch.module.css'
import type { Launching } from '../../../parts/launch/use-launch-draft.ts'
import { permissionNote, permissionOrder, permissionWords } from '../../../parts/permission-words.ts'
import { Choice } from '../../../ui/choice.tsx'

/** Says what each mode will do before it is chosen. Only the modes the runtime knows. */
export function PermissionField({ launching: { draft, set, chosen } }: { launching: Launching }) {
  const group = useId()
  const offered = permissionOrder.filter(mode => chosen?.capabilities.permissionModes.includes(mode))
  const current = offered.includes(draft.permissionMode) ? draft.permissionMode : offered[0]
  return (
    <div className={styles.pair}>
      {offered.map(mode => (
        <Choice
          key={mode}
          group={group}
          checked={mode === current}
          onChoose={() => set({ permissionMode: mode })}
          title={permissionWords[mode].title}
          note={permissionNote(mode, chosen?.capabilities)}
        />
      ))}
    </div>
  )
}
