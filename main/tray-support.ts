import { execFile } from 'node:child_process'

const answerMs = 1500
const watcher = 'org.kde.StatusNotifierWatcher'
const bus = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner'] as const

/** Programs that can ask the session bus; one of them is on every desktop. */
const askers: [program: string, args: string[]][] = [
  ['gdbus', ['call', '--session', '--dest', bus[0], '--object-path', bus[1], '--method', bus[2], watcher]],
  ['busctl', ['--user', 'call', bus[0], bus[1], bus[0], 'NameHasOwner', 's', watcher]],
  ['dbus-send', ['--session', '--print-reply', `--dest=${bus[0]}`, bus[1], bus[2], `string:${watcher}`]]
]

/**
 * Whether a tray icon would be seen. On Linux a tray can be made where nothing shows it, and nobody says so; a window that was
 * hidden there would be lost. So the session bus is asked for who shows trays.
 */
export async function hasTray(platform = process.platform): Promise<boolean> {
  if (platform !== 'linux') return true
  for (const [program, args] of askers) {
    const answer = await ask(program, args)
    if (answer !== null) return /\btrue\b/.test(answer)
  }
  return false
}

/** What a program printed; null when it is not there or failed. */
function ask(program: string, args: string[]): Promise<string | null> {
  return new Promise(resolve => {
    execFile(program, args, { timeout: answerMs }, (error, stdout) => resolve(error ? null : stdout))
  })
}
