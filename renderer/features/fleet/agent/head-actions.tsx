import { Pause, Play, Square, Undo2 } from 'lucide-react'
import type { Agent } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import { type AgentDeed, useAgentDeed } from '../../../parts/agents.ts'
import { useRunActions } from '../../../parts/runs.ts'
import { useMay } from '../../../parts/who.ts'
import { Button } from '../../../ui/button.tsx'
import { toastFailure } from '../../../ui/toast.tsx'
import styles from './agent-page.module.css'

/** What is near: its run is stopped, it is paused or taken back to work. */
export function HeadActions({ agent, run }: { agent: Agent; run: Run | undefined }) {
  const deed = useAgentDeed()
  const may = useMay('write')
  const act = (what: AgentDeed) => deed.mutate({ id: agent.id, deed: what }, { onError: toastFailure })
  if (!may) return <p className={styles.viewer}>Your role may look at agents, not change them.</p>
  return (
    <div className={styles.actions}>
      {run && !isEnded(run.status) && <StopRun run={run} />}
      {agent.status === 'archived' && (
        <Button icon={Undo2} disabled={deed.isPending} onClick={() => act('restore')}>
          Restore
        </Button>
      )}
      {agent.status === 'paused' && (
        <Button icon={Play} disabled={deed.isPending} onClick={() => act('resume')}>
          Resume
        </Button>
      )}
      {agent.status !== 'paused' && agent.status !== 'archived' && (
        <Button icon={Pause} disabled={deed.isPending} onClick={() => act('pause')}>
          Pause
        </Button>
      )}
    </div>
  )
}

function StopRun({ run }: { run: Run }) {
  const { cancel } = useRunActions(run.id)
  const stopping = run.stopping !== 'no'
  return (
    <Button
      icon={Square}
      filled
      disabled={stopping || cancel.isPending}
      onClick={() => cancel.mutate(false, { onError: toastFailure })}
    >
      {stopping ? 'Stopping' : 'Stop'}
    </Button>
  )
}
