import { Archive, CircleStop, FileDown, Pause, Play, Tag } from 'lucide-react'
import { useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import { isEnded } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { type AgentDeed, useAgents, useAgentsTogether } from '../../../parts/agents.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { FormDialog } from '../../../ui/form-dialog.tsx'
import { SelectionBar } from '../../../ui/selection-bar.tsx'
import { toast } from '../../../ui/toast.tsx'
import { fileOf, saveAgentFile } from '../files/agent-file.ts'
import type { Member } from './fleet-lines.ts'

interface Props {
  members: readonly Member[]
  onClear: () => void
}

const undoMs = 10_000

/** What can be done to several agents at once. What fails for one does not hold up the others, and is told. */
export function SelectedAgents({ members, onClear }: Props) {
  const together = useAgentsTogether()
  const [busy, setBusy] = useState(false)
  const [tagging, setTagging] = useState(false)
  const agents = members.map(({ agent }) => agent)
  const live = members.flatMap(({ run }) => (run && !isEnded(run.status) ? [run] : []))
  const run = async (words: string, work: () => Promise<readonly unknown[]>, undo?: () => Promise<unknown>) => {
    setBusy(true)
    const faults = await work()
    setBusy(false)
    if (faults.length > 0) return toast(`${count(faults.length, 'agent')} not changed: ${wordsOf(faults[0])}`, 'failed')
    toast(words, 'done', undo ? { label: 'Undo', keys: 'mod+z', forMs: undoMs, run: () => void undo() } : null)
    onClear()
  }
  const many = count(agents.length, 'agent')
  const deed = (verb: string, what: AgentDeed, back: AgentDeed) =>
    void run(
      `${many} ${verb}`,
      () => together.deed(agents, what),
      () => together.deed(agents, back)
    )
  const some = (status: string) => agents.some(agent => agent.status === status)
  const archived = agents.every(agent => agent.status === 'archived')
  return (
    <SelectionBar label="Selected agents" count={agents.length} onClear={onClear}>
      {!archived && agents.some(agent => agent.status !== 'paused') && (
        <Button icon={Pause} disabled={busy} onClick={() => deed('paused', 'pause', 'resume')}>
          Pause
        </Button>
      )}
      {some('paused') && (
        <Button
          icon={Play}
          disabled={busy}
          onClick={() => void run(`${many} resumed`, () => together.deed(agents, 'resume'))}
        >
          Resume
        </Button>
      )}
      {live.length > 0 && (
        <Button
          icon={CircleStop}
          disabled={busy}
          onClick={() => void run(`${count(live.length, 'run')} told to stop`, () => together.stop(live))}
        >
          Stop {count(live.length, 'run')}
        </Button>
      )}
      <Button icon={Tag} disabled={busy} onClick={() => setTagging(true)}>
        Tag…
      </Button>
      <Export agents={agents} />
      {!archived && (
        <Button icon={Archive} disabled={busy} onClick={() => deed('archived', 'archive', 'restore')}>
          Archive
        </Button>
      )}
      {tagging && (
        <TagDialog
          many={many}
          onClose={() => setTagging(false)}
          onTag={tag => run(`${many} tagged ${tag}`, () => together.tag(agents, tag))}
        />
      )}
    </SelectionBar>
  )
}

function Export({ agents }: { agents: readonly Agent[] }) {
  const present = useAgents().data
  return (
    <Button icon={FileDown} onClick={() => saveAgentFile(fileOf(agents, present ?? agents))}>
      Export
    </Button>
  )
}

interface TagProps {
  many: string
  onClose: () => void
  onTag: (tag: string) => Promise<unknown>
}

function TagDialog({ many, onClose, onTag }: TagProps) {
  const [tag, setTag] = useState('')
  return (
    <FormDialog
      title={`Tag ${many}`}
      action="Tag"
      disabled={tag.trim() === ''}
      onSubmit={() => onTag(tag.trim())}
      onClose={onClose}
    >
      <Field label="Tag" hint="Added to the tags that each has.">
        {control => (
          <TextInput
            {...control}
            autoComplete="off"
            maxLength={100}
            value={tag}
            onChange={event => setTag(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
