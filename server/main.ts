import { createClient, overFetch } from '#contract/client'
import { createLoginLink } from '#contract/people/login'
import { type ControlPlane, startControlPlane } from './app.ts'
import { type Config, ConfigError, loadInvocation, usage } from './config.ts'
import { DataFolderError, readControlPlaneFile } from './store/data-folder.ts'

/** Headless entry: the same control plane without a window. */
async function main(): Promise<void> {
  const invocation = loadInvocation(process.argv.slice(2))
  switch (invocation.command) {
    case 'help':
      console.log(usage)
      return
    case 'login-link':
      return await printLoginLink(invocation.config)
    case 'serve':
      return await serve(invocation.config)
    default:
      return invocation satisfies never
  }
}

async function serve(config: Config): Promise<void> {
  const controlPlane = await startControlPlane(config)
  stopOnSignal(controlPlane)
  console.log(`Flotilla is ready at ${controlPlane.loginLink()}`)
  const elsewhere = controlPlane.addresses()
  if (elsewhere.length > 0) console.log(`Other computers reach it at ${elsewhere.join(', ')}`)
  console.log(`The link signs one browser in, once, within 15 minutes. A fresh one: npm start -- login-link`)
}

/** A second signal does not wait. */
function stopOnSignal(controlPlane: ControlPlane): void {
  let asked = false
  const stop = () => {
    if (asked) process.exit(1)
    asked = true
    controlPlane.close().then(
      () => process.exit(0),
      error => {
        console.error(error instanceof Error ? error.message : error)
        process.exit(1)
      }
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

async function printLoginLink(config: Config): Promise<void> {
  const running = readControlPlaneFile(config.dataDir)
  if (!running) throw new DataFolderError(`Flotilla does not run on ${config.dataDir}. Start it with: npm start`)
  const call = createClient({ transport: overFetch({ url: running.url, token: running.ownerToken }) })
  const link = await call(createLoginLink).catch(() => {
    throw new DataFolderError(`Flotilla on ${config.dataDir} does not answer at ${running.url}.`)
  })
  console.log(link.url)
}

main().catch(error => {
  const known = error instanceof ConfigError || error instanceof DataFolderError
  console.error(known ? error.message : error)
  process.exit(1)
})
