import { Agent, request } from 'node:http'

/** Runners that have nothing to do: `{url, token, count}` registers them and keeps their two calls parked, as the daemon does. */
interface Wish {
  url: string
  token: string
  count: number
}

/** As the daemon does: see runner/connection.ts. */
const commandSeconds = 20
const claimSeconds = 60
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
    identity: crypto.randomUUID(),
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
  void (async () => {
    for (;;) await call(wish, 'claim', { ...caller, free: 4, waitSeconds: claimSeconds })
  })()
  void (async () => {
    for (;;) await call(wish, 'commands', { ...caller, after: 0, active: [], waitSeconds: commandSeconds })
  })()
}

process.on('message', async (wish: Wish) => {
  for (let index = 0; index < wish.count; index++) await park(wish, index)
  process.send?.({})
})
