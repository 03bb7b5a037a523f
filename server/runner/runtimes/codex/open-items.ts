import type { Signal } from '../runtime.ts'
import { cutOff, mcpTool } from './items.ts'
import type { FileChange, Item } from './protocol.ts'

/** What began and is not done: a request of the agent names only the call, and a turn that is cut leaves calls open. */
export class OpenItems {
  private readonly items = new Map<string, Item>()

  began(item: Item): void {
    this.items.set(item.id, item)
  }

  done(item: Item): void {
    this.items.delete(item.id)
  }

  changesOf(id: string): readonly FileChange[] {
    const item = this.items.get(id)
    return item?.type === 'fileChange' ? item.changes : []
  }

  /** The last call of a tool of an MCP server. */
  callOf(tool: string): string | null {
    const items = [...this.items.values()]
    return items.findLast(item => item.type === 'mcpToolCall' && mcpTool(item.server, item.tool) === tool)?.id ?? null
  }

  /** The turn is over, and says nothing more of them. */
  cut(text: string): Signal[] {
    const signals = [...this.items.values()].flatMap(item => cutOff(item, text))
    this.items.clear()
    return signals
  }
}
