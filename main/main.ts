import { app } from 'electron'
import { ConfigError, loadInvocation } from '../server/config.ts'
import { readArguments } from './arguments.ts'
import { runDesktop } from './desktop.ts'
import { sayWhyNot } from './say-why-not.ts'

try {
  const { options, page, hidden } = readArguments(process.argv, app.isPackaged)
  const invocation = loadInvocation(options)
  if (invocation.command !== 'serve') throw new ConfigError(`${invocation.command} works in a terminal only.`)
  // An AppImage is mounted elsewhere at each start; the variable names the file itself.
  const executable = process.env.APPIMAGE ?? process.execPath
  runDesktop({ config: invocation.config, page, hidden, executable })
} catch (error) {
  sayWhyNot(error)
}
