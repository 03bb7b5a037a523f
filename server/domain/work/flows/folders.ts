import type { Store } from '../../../store/store.ts'
import type { FlowRow } from '../../../store/work/flows.ts'

/** Where something of a flow is looked at: the folder that is named, else that of its agent; null: neither is. */
export function folderOf(
  { agents }: Pick<Store, 'agents'>,
  flow: Pick<FlowRow, 'agent_id'>,
  { folder }: { folder?: string | null }
): string | null {
  return folder ?? agents.byId(flow.agent_id)?.cwd ?? null
}
