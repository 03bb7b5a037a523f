import { app, dialog } from 'electron'

/** Exit code of a start that was refused for a stated reason; scripts/start.ts does not try headless after it. */
const refused = 2

/** Ends the app with its reason: in the terminal it came from, or in a dialog when nobody would see a terminal. */
export function sayWhyNot(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  console.error(reason)
  if (app.isPackaged) dialog.showErrorBox('Flotilla cannot start', reason)
  app.exit(refused)
}
