import { app, dialog } from 'electron'
import { getSystem } from '#contract/system'
import { clientAt } from './client.ts'
import type { ControlPlaneSource } from './control-plane.ts'
import { liveRuns } from './fleet.ts'
import type { Settings } from './settings.ts'

type Agents = 'keep' | 'stop'

export interface Quitting {
  /** Ends the app. null: as it was settled, or ask. */
  quit(agents: Agents | null): void
  /** Whether the app is on its way out, so that windows may close. */
  leaving(): boolean
}

/** Stopping agents takes 5 s each and all at once; after this the app ends anyway. */
const longestCloseMs = 15_000

/** electron-store raises each signal that it hears once more, and a terminal signals npm and us: that is one wish. */
const sameWishMs = 300

/**
 * Quits only after the control plane finished its writes. With agents at work the user says whether they stay, once or for
 * good. A signal or the end of the session asks nothing; a second signal does not even wait.
 */
export function quitCleanly(controlPlane: ControlPlaneSource, settings: Settings, stopAlways: boolean): Quitting {
  let state: 'open' | 'asking' | 'closing' | 'closed' = 'open'
  let chosen: Agents | null = null

  app.on('before-quit', event => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    if (chosen !== null) return close(chosen)
    if (state === 'asking') return
    state = 'asking'
    whatOfAgents()
      .then(agents => {
        if (state !== 'asking') return
        if (agents === null) state = 'open'
        else close(agents)
      })
      .catch(() => close('keep'))
  })
  let signalledAt = Number.NEGATIVE_INFINITY
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      const again = performance.now() - signalledAt > sameWishMs
      signalledAt = performance.now()
      if (state !== 'closing') quit('keep')
      else if (again) app.exit(1)
    })

  function quit(agents: Agents | null): void {
    chosen = stopAlways ? 'stop' : agents
    app.quit()
  }

  function close(agents: Agents): void {
    state = 'closing'
    const timer = setTimeout(() => app.exit(1), longestCloseMs)
    controlPlane
      .current()
      .close({ stopAgents: agents === 'stop' })
      .catch(error => console.error(`Flotilla did not stop cleanly: ${error.message}`))
      .finally(() => {
        clearTimeout(timer)
        state = 'closed'
        app.quit()
      })
  }

  async function whatOfAgents(): Promise<Agents | null> {
    if (stopAlways) return 'stop'
    const current = controlPlane.current()
    // One that is not ours goes on, and its agents with it.
    if (!current.own || liveRuns(await clientAt(current)(getSystem)) === 0) return 'keep'
    const settled = settings.get('onQuit')
    return settled === 'ask' ? ask(settings) : settled
  }

  return { quit, leaving: () => state === 'closing' || state === 'closed' }
}

async function ask(settings: Settings): Promise<Agents | null> {
  const answers: (Agents | null)[] = ['keep', 'stop', null]
  const { response, checkboxChecked } = await dialog.showMessageBox({
    type: 'question',
    message: 'Agents are at work',
    detail: 'They can go on without this window and report when Flotilla is back. Or they are stopped now.',
    buttons: ['Keep agents running', 'Stop agents and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    checkboxLabel: 'Do not ask again'
  })
  const agents = answers[response] ?? null
  if (checkboxChecked && agents !== null) settings.set({ onQuit: agents })
  return agents
}
