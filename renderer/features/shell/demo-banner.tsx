import { count } from '../../lib/format.ts'
import { useDemo } from '../../parts/demo.ts'
import { useMay } from '../../parts/who.ts'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { toast, toastFailure } from '../../ui/toast.tsx'
import styles from './shell.module.css'

/** On every screen, for as long as demo data stands among what is shown. */
export function DemoBanner() {
  const may = useMay('admin')
  const { remove } = useDemo()
  const removed = ({ kept }: { kept: string[] }) =>
    toast(
      kept.length === 0
        ? 'Demo data removed'
        : `Demo data removed. ${count(kept.length, 'agent')} with work of your own ${kept.length === 1 ? 'stays' : 'stay'}.`
    )
  return (
    <div className={styles.banner} role="status">
      <Glyph tone="idle" />
      <span>Demo data: agents, runs and costs are made up. What you make yourself is kept.</span>
      {may && (
        <Button
          small
          disabled={remove.isPending}
          onClick={() => {
            // The banner goes before the answer is told: a callback of `mutate` would go with it.
            void remove.mutateAsync().then(removed, toastFailure)
          }}
        >
          {remove.isPending ? 'Removing' : 'Remove'}
        </Button>
      )}
    </div>
  )
}
