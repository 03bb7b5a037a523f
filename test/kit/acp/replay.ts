import type { AcpDriver } from '../../../server/runner/acp/driver.ts'
import type { Ending, Signal } from '../../../server/runner/runtimes/runtime.ts'

interface Message {
  id?: string | number
  method?: string
  params?: unknown
  result?: { outcome?: { optionId?: string } } | null
  error?: unknown
}

export interface AcpReplay {
  signals: Signal[]
  /** How each turn came out. */
  endings: Ending[]
  /** What the driver wrote. */
  written: Message[]
}

/**
 * Plays what an agent wrote against a driver that asks in its own order and by its own ids: of each of its requests the
 * recorded answer to the next one of that kind, with all that came before it. Permissions are answered as they were then.
 */
export function replayAcp(driver: AcpDriver, stdout: string, stdin: string): AcpReplay {
  const said = parsed(stdout)
  const asked = parsed(stdin)
  const methods = new Map(asked.flatMap(one => (one.method && one.id !== undefined ? [[one.id, one.method]] : [])))
  const allowed = new Map(asked.flatMap(one => (one.method ? [] : [[one.id, optionOf(one) ?? '']])))
  const replay: AcpReplay = { signals: [], endings: [], written: [] }
  let at = 0

  const take = (signals: Signal[]): void => {
    for (const signal of signals) {
      replay.signals.push(signal)
      if (signal.type === 'turn' || signal.type === 'over') replay.endings.push(driver.end(exit))
      if (signal.type === 'write') reply(JSON.parse(signal.line))
    }
  }
  const reply = (request: Message): void => {
    replay.written.push(request)
    if (request.id === undefined || request.method === undefined) return
    const until = said.findIndex(
      (one, index) => index >= at && !one.method && methods.get(one.id ?? '') === request.method
    )
    if (until === -1 || request.method === 'session/set_mode') {
      take(driver.lines([JSON.stringify({ jsonrpc: '2.0', id: request.id, result: {} })]))
      return
    }
    const part = said.slice(at, until + 1)
    at = until + 1
    const stops = cancels(asked, part.at(-1)?.id)
    for (const line of part) {
      const mine = line.method ? line : { ...line, id: request.id }
      const signals = driver.lines([JSON.stringify(mine)])
      take(signals)
      if (stops && line.method === 'session/update' && driver.end(exit).error?.code === 'NO_RESULT')
        take(driver.interrupt())
      const [approval] = signals.filter(signal => signal.type === 'approval')
      const option = line.id === undefined ? undefined : allowed.get(line.id)
      if (approval?.type === 'approval' && option !== undefined)
        take(driver.answer({ key: approval.key, allow: /allow|proceed/.test(option), input: null, message: null }))
    }
  }

  take(driver.start())
  const more = () => said.slice(at).some(one => methods.get(one.id ?? '') === 'session/prompt')
  while (replay.endings.at(-1)?.error === null && more()) take(driver.message('go'))
  return replay
}

const exit = { code: 0, signal: null, stderr: '' }

function parsed(lines: string): Message[] {
  return lines.split('\n').flatMap(line => (line.trim() === '' ? [] : [JSON.parse(line)]))
}

function optionOf({ result }: Message): string | undefined {
  return result?.outcome?.optionId
}

/** Whether this prompt was cancelled then. */
function cancels(asked: readonly Message[], id: Message['id']): boolean {
  const index = asked.findIndex(one => one.id === id && one.method === 'session/prompt')
  return index !== -1 && asked[index + 1]?.method === 'session/cancel'
}
