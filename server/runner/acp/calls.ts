import type { Signal } from '../runtimes/runtime.ts'
import { type Asked, type RpcFailure, type RpcId, type RpcLine, requestLine } from './protocol.ts'

export type Replied = { result: unknown } | { failure: RpcFailure }

/** What we asked of an agent, until it answers; it may answer in any order, and what it was not asked. */
export class Calls {
  private readonly open = new Map<RpcId, (reply: Replied) => Signal[]>()
  private count = 0

  ask<M extends keyof Asked>(method: M, params: Asked[M], then: (reply: Replied) => Signal[]): Signal {
    const id = ++this.count
    this.open.set(id, then)
    return { type: 'write', line: requestLine(id, method, params) }
  }

  answered(id: RpcId, { result, error }: RpcLine): Signal[] {
    const then = this.open.get(id)
    if (then === undefined) return []
    this.open.delete(id)
    return then(error === undefined ? { result } : { failure: error })
  }
}
