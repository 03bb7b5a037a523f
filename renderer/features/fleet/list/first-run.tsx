import { Users } from 'lucide-react'
import { Link } from 'wouter'
import { useDemo } from '../../../parts/demo.ts'
import { useMay } from '../../../parts/who.ts'
import { Button, classOf } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/notice.tsx'
import { toastFailure } from '../../../ui/toast.tsx'
import styles from './first-run.module.css'

/** While there is no agent: how to get the first one, or a look at what many are like. */
export function FirstRun() {
  const may = useMay('write')
  const mayExplore = useMay('admin')
  const { plant } = useDemo()
  return (
    <Empty
      icon={Users}
      title="No agents yet"
      action={
        may && (
          <span className={styles.ways}>
            <Link href="/runs/new" className={classOf()}>
              Start a single run
            </Link>
            <Link href="/fleet/import" className={classOf()}>
              Import agents
            </Link>
            {mayExplore && (
              <Button disabled={plant.isPending} onClick={() => plant.mutate(undefined, { onError: toastFailure })}>
                {plant.isPending ? 'Making demo data' : 'Explore with demo data'}
              </Button>
            )}
          </span>
        )
      }
    >
      An agent is a runtime with a name, a folder, a role and limits of its own, that remembers what it did.
      {may ? ' It needs only a name. A single run needs no agent.' : ' Your role may look at agents, not make them.'}
    </Empty>
  )
}
