import { Avatar } from '../ui/avatar.tsx'
import { useAgents } from './agents.ts'

interface Props {
  /** Null: no agent, and what stands for it has letters alone. */
  id: string | null
  name: string
  size?: 'small' | 'large'
}

/** The sign of an agent, where what is shown names it and knows no more. */
export function AgentAvatar({ id, name, size }: Props) {
  const glyph = useAgents('present', id !== null).data?.find(agent => agent.id === id)?.glyph
  return <Avatar name={name} glyph={glyph ?? null} size={size} />
}
