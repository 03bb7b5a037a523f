import type { Domain } from './domain.ts'
import { giveUpQuestions } from './runners/questions.ts'

const patienceMs = 7000

/** Before this process stops: agents where that is wanted, and nobody is kept waiting for an answer. */
export async function windDown(domain: Domain, stopAgents: boolean): Promise<void> {
  if (stopAgents) await agentsStopped(domain)
  giveUpQuestions(domain)
}

/** Tells every runner to look at its commands, where it is told to stop its agents; resolves when they have, or gave no answer in time. */
async function agentsStopped(domain: Domain): Promise<void> {
  const { store, bus } = domain
  const online = store.runners.online()
  const idle = () => online.every(row => store.runs.heldCount(row.id) === 0)
  for (const row of online) bus.publish('commands', row.id, { runner: row.id })
  if (idle()) return
  await new Promise<void>(resolve => {
    const timer = setTimeout(done, patienceMs)
    const unsubscribe = bus.subscribe('changes', '', () => {
      if (idle()) done()
    })
    function done(): void {
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
  })
}
