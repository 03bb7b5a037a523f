import { app } from 'electron'
import { ConfigError, loadInvocation } from '../server/config.ts'
import { runDesktop } from './desktop.ts'
import { sayWhyNot } from './say-why-not.ts'

/** Electron's own arguments come first: the executable, and the folder of the app unless it is packaged. */
const argv = process.argv.slice(app.isPackaged ? 1 : 2)

try {
  const invocation = loadInvocation(argv)
  if (invocation.command !== 'serve') throw new ConfigError(`${invocation.command} works in a terminal only.`)
  runDesktop(invocation.config)
} catch (error) {
  sayWhyNot(error)
}
