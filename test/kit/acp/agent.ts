import { readFileSync, writeFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import {
  type AgentRequestContext,
  agent,
  ndJsonStream,
  type PromptRequest,
  type RequestPermissionResponse,
  type ToolCallUpdate
} from '@agentclientprotocol/sdk'

/** What an agent by the official SDK does at a prompt; its argument is the file in which it keeps its sessions. */
export type AcpStep =
  | { say: string }
  /** Asks for permission, then does it by asking its place. */
  | { edit: string; content: string }
  | { shell: string }
  /** Without having asked for permission. */
  | { write: string; content: string }
  | { read: string }
  /** Until it is cancelled. */
  | { work: true }
  /** Of this process. */
  | { exit: number }

const [sessions = ''] = process.argv.slice(2)
let cancelled = Promise.withResolvers<void>()

const options = [
  { optionId: 'ever', name: 'Always', kind: 'allow_always' as const },
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' as const },
  { optionId: 'no', name: 'No', kind: 'reject_once' as const }
]

type Context = AgentRequestContext<PromptRequest>

async function act({ params: { sessionId }, client }: Context, step: AcpStep, id: string): Promise<void> {
  const tell = (text: string) =>
    client.notify('session/update', {
      sessionId,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }
    })
  const attempt = (work: () => Promise<string>) => work().then(tell, error => tell(`refused: ${error.message}`))
  async function permitted(toolCall: Omit<ToolCallUpdate, 'toolCallId'>): Promise<boolean> {
    const call = { toolCallId: id, ...toolCall }
    const { outcome } = await client.request<RequestPermissionResponse>('session/request_permission', {
      sessionId,
      options,
      toolCall: call
    })
    return outcome.outcome === 'selected' && outcome.optionId === 'yes'
  }
  const ended = (status: 'completed' | 'failed') =>
    client.notify('session/update', {
      sessionId,
      update: { sessionUpdate: 'tool_call_update', toolCallId: id, status }
    })

  if ('say' in step) await tell(step.say)
  else if ('read' in step)
    await attempt(async () => (await client.request('fs/read_text_file', { sessionId, path: step.read })).content)
  else if ('write' in step)
    await attempt(async () => {
      await client.request('fs/write_text_file', { sessionId, path: step.write, content: step.content })
      return 'written'
    })
  else if ('edit' in step) {
    const content = [{ type: 'diff' as const, path: step.edit, oldText: null, newText: step.content }]
    const may = await permitted({ kind: 'edit', title: `Write ${step.edit}`, content })
    if (may) await client.request('fs/write_text_file', { sessionId, path: step.edit, content: step.content })
    await ended(may ? 'completed' : 'failed')
  } else if ('shell' in step) {
    const may = await permitted({ kind: 'execute', title: step.shell, rawInput: { command: step.shell } })
    if (!may) return await ended('failed')
    const terminal = await client.createTerminal({ sessionId, command: '/bin/sh', args: ['-c', step.shell] })
    await client.notify('session/update', {
      sessionId,
      update: {
        sessionUpdate: 'tool_call_update',
        toolCallId: id,
        content: [{ type: 'terminal', terminalId: terminal.id }]
      }
    })
    await terminal.waitForExit()
    await terminal.currentOutput()
    await ended('completed')
    await terminal.release()
  } else if ('exit' in step) process.exit(step.exit)
  else await cancelled.promise
}

const known = (): string[] => JSON.parse(readFileSync(sessions, 'utf8'))

agent({ name: 'test-agent' })
  .onRequest('initialize', () => ({
    protocolVersion: 1,
    agentInfo: { name: 'test-agent', version: '1.0.0' },
    agentCapabilities: { promptCapabilities: { image: true }, sessionCapabilities: { resume: {} } }
  }))
  .onRequest('session/new', () => {
    const sessionId = `session-${crypto.randomUUID()}`
    writeFileSync(sessions, JSON.stringify([sessionId]))
    return { sessionId }
  })
  .onRequest('session/resume', ({ params }) => {
    if (!known().includes(params.sessionId)) throw new Error('no such session')
    return {}
  })
  .onRequest('session/prompt', async context => {
    cancelled = Promise.withResolvers()
    let stopped = false
    void cancelled.promise.then(() => {
      stopped = true
    })
    const block = context.params.prompt.at(-1)
    const steps: AcpStep[] = block?.type === 'text' ? JSON.parse(block.text) : []
    for (const [n, step] of steps.entries()) await act(context, step, `call-${n}`)
    return { stopReason: stopped ? 'cancelled' : 'end_turn' }
  })
  .onNotification('session/cancel', () => cancelled.resolve())
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>))
