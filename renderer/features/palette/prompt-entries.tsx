import { Command } from 'cmdk'
import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Agent } from '#contract/fleet/agents'
import { wordsOf } from '../../lib/call.ts'
import { randomId } from '../../lib/random-id.ts'
import { AgentStatusText } from '../../parts/agent-status.tsx'
import { useAgents, useExecuteAgent } from '../../parts/agents.ts'
import { Avatar } from '../../ui/avatar.tsx'
import styles from './palette.module.css'
import { Entry } from './palette-entry.tsx'
import { QuickLaunch } from './quick-launch.tsx'
import { best } from './rank.ts'
import { wordsOfAgent } from './things.ts'

const agentsOffered = 6

interface Props {
  /** Behind the `>`. */
  text: string
  onGo: (path: string) => void
  onPrompt: (words: string) => void
}

/** `> @api-kestrel fix the flaky test` is for that agent; without a name it is for the runtime of the last run. */
export function PromptEntries({ text, onGo, onPrompt }: Props) {
  const agents = useAgents().data ?? []
  const [, name, rest] = /^\s*@?(\S+)\s+(.*)$/s.exec(text) ?? []
  const agent = agents.find(one => one.slug === name || one.name.toLowerCase() === name?.toLowerCase())
  if (agent && rest !== undefined) return <AgentPrompt key={agent.id} agent={agent} prompt={rest.trim()} onGo={onGo} />
  const asked = text.trim()
  const named = asked.startsWith('@') || asked === '' || !asked.includes(' ')
  const offered = named ? best(agents, asked.replace(/^@/, ''), wordsOfAgent, agentsOffered) : []
  return (
    <>
      {!asked.startsWith('@') && <QuickLaunch prompt={asked} onGo={onGo} />}
      {offered.length > 0 && (
        <Command.Group heading="Prompt an agent" className={styles.group}>
          {offered.map(one => (
            <Entry
              key={one.id}
              value={`prompt ${one.id}`}
              mark={<Avatar name={one.name} glyph={one.glyph} size="small" />}
              title={one.name}
              note={`@${one.slug}`}
              end={<AgentStatusText state={one.status} />}
              onSelect={() => onPrompt(`> @${one.slug} `)}
            />
          ))}
        </Command.Group>
      )}
      {asked.startsWith('@') && offered.length === 0 && <p className={styles.nothing}>No agent has this name.</p>}
    </>
  )
}

interface AgentPromptProps {
  agent: Agent
  prompt: string
  onGo: (path: string) => void
}

function AgentPrompt({ agent, prompt, onGo }: AgentPromptProps) {
  const [key] = useState(randomId)
  const execute = useExecuteAgent(agent.id)
  const paused = agent.status === 'paused'
  if (prompt === '') return <p className={styles.nothing}>Write what {agent.name} should do.</p>
  const start = (fresh: boolean) => () => {
    if (execute.isPending || paused) return
    execute
      .mutateAsync({ prompt, fresh, key: `${key}:${fresh}:${prompt}` })
      .then(run => onGo(`/runs/${run.id}`))
      .catch(() => {})
  }
  const mark = <Avatar name={agent.name} glyph={agent.glyph} size="small" />
  return (
    <>
      <Command.Group heading={`Prompt ${agent.name}`} className={styles.group}>
        <Entry
          value="continue"
          mark={mark}
          title={execute.isPending ? 'Starting' : prompt}
          facts={['goes on in its conversation, with its own settings']}
          onSelect={start(false)}
        />
        <Entry
          value="fresh"
          mark={mark}
          title={prompt}
          facts={['in a new conversation, with its own settings']}
          onSelect={start(true)}
        />
      </Command.Group>
      {(execute.error || paused) && (
        <p className={styles.fault} role="alert">
          <CircleAlert size={14} aria-hidden />
          {execute.error ? wordsOf(execute.error) : `${agent.name} is paused and takes no work`}
        </p>
      )}
    </>
  )
}
