import { Agent, request } from 'node:http'
import { maxParkSeconds } from '#contract/runners/runner-protocol'

/** Runners that have nothing to do: `{url, token, count}` registers them and keeps their two calls parked, as the daemon does. */
interface Wish {
  url: string
  token: string
  count: number
}

/** As the daemon does, see runner/connection.ts, and as if it had begun some time ago: the calls come spread over time. */
const idleSeconds = () => Math.round(maxParkSeconds * (0.8 + 0.2 * Math.random()))
const firstSeconds = () => Math.round(1 + (maxParkSeconds - 1) * Math.random())
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

function call({ url, token }: Wish, path: string, body: object): Promise<{ runnerId: string; incarnation: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const sent = request(new URL(`/api/v1/runner/${path}`, url), { method: 'POST', agent, headers }, answer => {
      let text = ''
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text))))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

async function park(wish: Wish, index: number): Promise<void> {
  const { runnerId, incarnation } = await call(wish, 'register', {
    // The same in every round, or the store would fill with runners that are gone.
    identity: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: `runner ${index}`,
    kind: 'remote',
    hostname: 'here',
    platform: 'linux',
    version: '0.0.0',
    allowedDirs: ['/work-here'],
    runtimes: [],
    capacity: 4,
    active: []
  })
  const caller = { runnerId, incarnation }
  const keep = async (path: string, body: object) => {
    let waitSeconds = firstSeconds()
    for (;;) {
      await call(wish, path, { ...body, waitSeconds })
      waitSeconds = idleSeconds()
    }
  }
  void keep('claim', { ...caller, free: 4 })
  void keep('commands', { ...caller, after: 0, active: [] })
}

process.on('message', async (wish: Wish) => {
  for (let index = 0; index < wish.count; index++) await park(wish, index)
  process.send?.({})
})
