import { app } from 'electron'
import type { JoinedControlPlane } from './control-plane.ts'

/** Quits only after the control plane finished its writes. A second signal does not wait for that. */
export function quitCleanly(controlPlane: JoinedControlPlane): void {
  let state: 'open' | 'closing' | 'closed' = 'open'
  app.on('before-quit', event => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    controlPlane
      .close()
      .catch(error => console.error(`Flotilla did not stop cleanly: ${error.message}`))
      .finally(() => {
        state = 'closed'
        app.quit()
      })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => (state === 'closing' ? app.exit(1) : app.quit()))
}
