import type { Answer, Signal } from '../runtime.ts'
import {
  allowMessage,
  type ControlRequestLine,
  denyMessage,
  type PermissionRequest,
  permissionRequest,
  refuseMessage
} from './protocol.ts'
import { toolSubject, toolTitle } from './tools.ts'

type Input = Record<string, unknown>

/** Requests for permission that wait for a person, with their true input: what leaves the runner is redacted. */
export class Approvals {
  private readonly waiting = new Map<string, PermissionRequest>()
  private readonly plans = new Map<string, Input>()

  /** Some versions send an empty input with the request to leave plan mode: the plan stands in the tool call. */
  toolUsed(toolUseId: string, tool: string, input: Input): void {
    if (tool === 'ExitPlanMode') this.plans.set(toolUseId, input)
  }

  toolDone(toolUseId: string): void {
    this.plans.delete(toolUseId)
  }

  request(line: ControlRequestLine): Signal[] {
    const parsed = permissionRequest.safeParse(line.request)
    if (!parsed.success) {
      const error = `${line.request.subtype} is not supported`
      return [{ type: 'write', line: refuseMessage(line.request_id, error) }]
    }
    this.waiting.set(line.request_id, parsed.data)
    return [this.asked(line.request_id, parsed.data)]
  }

  withdraw(key: string): Signal[] {
    return this.waiting.delete(key) ? [{ type: 'withdrawn', key }] : []
  }

  answer({ key, allow, input, message }: Answer): Signal[] {
    const request = this.waiting.get(key)
    if (request === undefined) return []
    this.waiting.delete(key)
    const line = allow
      ? allowMessage(key, this.allowedInput(request, input))
      : denyMessage(key, message?.trim() || 'The user refused this. Go on without it.')
    return [{ type: 'write', line }]
  }

  private asked(key: string, request: PermissionRequest): Signal {
    const kind = approvalKind(request.tool_name)
    const plan = request.tool_use_id == null ? undefined : this.plans.get(request.tool_use_id)
    const input = kind === 'plan' && plan !== undefined ? { ...plan, ...request.input } : request.input
    const words = request.input.description
    return {
      type: 'approval',
      key,
      kind,
      tool: request.tool_name,
      toolUseId: request.tool_use_id ?? null,
      title: toolTitle(request.tool_name),
      subject: toolSubject(request.tool_name, input),
      input,
      reason: typeof words === 'string' && kind === 'tool' ? words : null
    }
  }

  /** The answers to a question are added to it; any other input replaces what was asked for. */
  private allowedInput(request: PermissionRequest, input: Input | null): Input {
    if (input === null) return request.input
    return approvalKind(request.tool_name) === 'question' ? { ...request.input, ...input } : input
  }
}

function approvalKind(tool: string): 'tool' | 'question' | 'plan' {
  if (tool === 'AskUserQuestion') return 'question'
  return tool === 'ExitPlanMode' ? 'plan' : 'tool'
}
