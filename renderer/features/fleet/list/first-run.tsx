import { Users } from 'lucide-react'
import { Link } from 'wouter'
import { useAgents } from '../../../parts/agents.ts'
import { useDemo } from '../../../parts/demo.ts'
import { useFirstAgent } from '../../../parts/launch/first-agent.ts'
import { FirstRun as Wizard } from '../../../parts/launch/first-run.tsx'
import { useMay } from '../../../parts/who.ts'
import { classOf } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/notice.tsx'
import { toastFailure } from '../../../ui/toast.tsx'

/** While there is no agent: three choices to the first one, or a look at what many are like. */
export function FirstRun() {
  const may = useMay('write')
  const archived = useAgents('archived')
  if (archived.isPending) return null
  const rest = archived.data?.length ?? 0
  return may && rest === 0 ? <FirstAgent /> : <NoAgents may={may} archived={rest} />
}

function FirstAgent() {
  const mayExplore = useMay('admin')
  const { plant } = useDemo()
  const explore = () => plant.mutate(undefined, { onError: toastFailure })
  return (
    <Wizard title="Start your first agent" launch={useFirstAgent()}>
      {mayExplore && <Link href="/runners/connect">Connect a remote runner</Link>}
      <Link href="/fleet/import">Import agents</Link>
      {mayExplore && (
        <button type="button" disabled={plant.isPending} onClick={explore}>
          {plant.isPending ? 'Making demo data' : 'Explore with demo data'}
        </button>
      )}
    </Wizard>
  )
}

function NoAgents({ may, archived }: { may: boolean; archived: number }) {
  return (
    <Empty
      icon={Users}
      title={archived > 0 ? 'All agents are archived' : 'No agents yet'}
      action={
        archived > 0 && (
          <Link href="/fleet?status=archived" className={classOf()}>
            Show archived agents
          </Link>
        )
      }
    >
      An agent is a runtime with a name, a folder, a role and limits of its own, that remembers what it did.
      {!may && ' Your role may look at agents, not make them.'}
    </Empty>
  )
}
