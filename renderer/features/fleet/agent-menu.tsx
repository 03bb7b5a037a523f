import { Archive, ArrowUpRight, FileDown, Pause, Play, RotateCcw, SlidersHorizontal, Square, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Agent } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import { isolated } from '../../lib/visible.ts'
import { useAgentDeed, useAgents } from '../../parts/agents.ts'
import { useRunActions } from '../../parts/runs.ts'
import { useMay } from '../../parts/who.ts'
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.tsx'
import { toast, toastFailure } from '../../ui/toast.tsx'
import { fileOf, saveAgentFile } from './files/agent-file.ts'

interface Props {
  agent: Agent
  run: Run | undefined
  trigger: ReactNode
}

const undoMs = 10_000

/** What can be done to an agent as it is. Nothing here is lost: each has its way back. */
export function AgentMenu({ agent, run, trigger }: Props) {
  const may = useMay('write')
  const present = useAgents('present', false).data
  const [, navigate] = useLocation()
  return (
    <Menu align="end" trigger={trigger}>
      {run && (
        <MenuItem icon={ArrowUpRight} onSelect={() => navigate(`/runs/${run.id}`)}>
          {isEnded(run.status) ? 'Open its last run' : 'Open its run'}
        </MenuItem>
      )}
      <MenuItem icon={SlidersHorizontal} onSelect={() => navigate(`/fleet/${agent.id}?tab=config`)}>
        Settings
      </MenuItem>
      <MenuItem
        icon={FileDown}
        note="A file with its settings, to import elsewhere. No secrets."
        onSelect={() => saveAgentFile(fileOf([agent], present ?? [agent]))}
      >
        Export
      </MenuItem>
      {may ? <Deeds agent={agent} run={run} /> : <MenuLabel>Your role may look at agents, not change them.</MenuLabel>}
    </Menu>
  )
}

function Deeds({ agent, run }: Omit<Props, 'trigger'>) {
  const deed = useAgentDeed()
  const { cancel } = useRunActions(run?.id ?? '')
  const name = isolated(agent.name)
  const act = (what: Parameters<typeof deed.mutate>[0]['deed'], done?: () => void) =>
    deed.mutateAsync({ id: agent.id, deed: what }).then(done, toastFailure)
  const archived = () =>
    toast(`Archived ${name}`, 'done', {
      label: 'Undo',
      keys: 'mod+z',
      forMs: undoMs,
      run: () => void act('restore')
    })
  if (agent.status === 'archived')
    return (
      <MenuItem icon={Undo2} note="It takes work again." onSelect={() => void act('restore')}>
        Restore
      </MenuItem>
    )
  return (
    <>
      {run && !isEnded(run.status) && (
        <MenuItem
          icon={Square}
          note="It is asked first, and ended soon after."
          onSelect={() => cancel.mutate(false, { onError: toastFailure })}
        >
          Stop run
        </MenuItem>
      )}
      {agent.status === 'paused' ? (
        <MenuItem icon={Play} note="It takes work again." onSelect={() => void act('resume')}>
          Resume
        </MenuItem>
      ) : (
        <MenuItem icon={Pause} note="It finishes what runs and takes nothing new." onSelect={() => void act('pause')}>
          Pause
        </MenuItem>
      )}
      {agent.sessionRunId !== null && (
        <MenuItem
          icon={RotateCcw}
          note="Its next run begins without what was said before. The runs stay."
          onSelect={() => void act('forget', () => toast(`${name} begins a new conversation with its next run`))}
        >
          New conversation
        </MenuItem>
      )}
      {!agent.system && (
        <MenuItem icon={Archive} note="It takes no work. Its runs stay." onSelect={() => void act('archive', archived)}>
          Archive
        </MenuItem>
      )}
    </>
  )
}
