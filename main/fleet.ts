import { type Change, type ServerMessage, serverMessage, webSocketPath } from '#contract/live'
import { type Approval, listApprovals } from '#contract/runs/approvals'
import type { RunStatus } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
import { type Address, clientAt } from './client.ts'

/** What the tray, the badge and the menu tell of all runs. */
export interface Fleet {
  /** The oldest approvals that wait, at most `shownWaiting`. */
  waiting: readonly Approval[]
  waitingTotal: number
  runs: Readonly<Record<RunStatus, number>>
}

const shownWaiting = 5

/** Runs that an agent process belongs to. */
export function liveRuns({ runs }: Pick<Fleet, 'runs'>): number {
  return runs.CLAIMED + runs.RUNNING + runs.WAITING
}

async function readFleet(address: Address): Promise<Fleet> {
  const call = clientAt(address)
  const [system, approvals] = await Promise.all([
    call(getSystem),
    call(listApprovals, { query: { status: 'pending', limit: shownWaiting } })
  ])
  return { waiting: approvals.data, waitingTotal: approvals.pagination.total, runs: system.runs }
}

interface Follower {
  /** Where the control plane is now. */
  address(): Address
  /** null: the control plane does not answer. */
  onFleet(fleet: Fleet | null): void
  onChange(change: Change): void
}

/** Changes come in bursts; the counts are read again at most this often. */
const readEveryMs = 400
const reconnectMs = 1000

/** Follows a control plane until told to stop, through its ends and new beginnings. */
export function followFleet({ address, onFleet, onChange }: Follower): { stop(): void } {
  let socket: WebSocket | null = null
  let stopped = false
  let reading: NodeJS.Timeout | null = null
  let reads = 0
  let told = 0
  let reconnecting: NodeJS.Timeout | undefined

  function readSoon(): void {
    reading ??= setTimeout(async () => {
      // What changes while it is read is read again.
      reading = null
      const read = ++reads
      const fleet = await readFleet(address()).catch(() => null)
      // One that a later one overtook is old.
      if (stopped || read < told) return
      told = read
      onFleet(fleet)
    }, readEveryMs)
  }

  function hear(message: ServerMessage): void {
    if (message.type === 'change') onChange(message.change)
    if (message.type === 'change' || message.type === 'hello' || message.type === 'reset') readSoon()
  }

  function connect(): void {
    socket = openSocket(address())
    socket.addEventListener('message', ({ data }) => parseMessages(String(data)).forEach(hear))
    socket.addEventListener('close', () => {
      if (stopped) return
      readSoon()
      reconnecting = setTimeout(connect, reconnectMs)
    })
    // A close follows; what is wrong shows there.
    socket.addEventListener('error', () => {})
  }

  connect()
  return {
    stop() {
      stopped = true
      clearTimeout(reconnecting)
      if (reading !== null) clearTimeout(reading)
      socket?.close()
    }
  }
}

/** Node's WebSocket takes headers, which browsers do not; the token must not stand in the address. */
function openSocket({ url, ownerToken }: Address): WebSocket {
  const options = { headers: { authorization: `Bearer ${ownerToken}` } }
  return new WebSocket(url.replace(/^http/, 'ws') + webSocketPath, options as unknown as string[])
}

/** One message holds one or several lines. A newer control plane may say what we do not know yet. */
export function parseMessages(text: string): ServerMessage[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .flatMap(line => serverMessage.safeParse(parseJson(line)).data ?? [])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
