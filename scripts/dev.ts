import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { createServer, type ViteDevServer } from 'vite'
import { loadInvocation } from '../server/config.ts'
import { build } from './build.ts'
import { startChild } from './run-child.ts'

/**
 * `npm run dev`: the control plane from its sources, restarted when they change, and the UI with hot reload in front of
 * it. It has a data folder of its own; options of `npm start` override that. The runner is built once: after a change
 * under server/runner or resources, start again.
 */
const root = dirname(import.meta.dirname)
const uiPort = 5173
const defaults = ['--headless', '--port', '4748', '--data-dir', join(root, '.cache/dev-data'), '--stop-agents']

async function dev(args: string[]): Promise<void> {
  const options = [...defaults, ...args]
  const invocation = loadInvocation(options)
  if (invocation.command !== 'serve') throw new Error('npm run dev takes the options of npm start, not its commands.')
  const { host, port } = invocation.config
  if (port === 0) throw new Error('npm run dev needs a fixed --port.')
  const target = `http://${host}:${port}`
  const origin = `http://127.0.0.1:${uiPort}`

  if (!(await build(['upkeep', 'reader', 'search', 'runner', 'practice-agent', 'docs']))) process.exit(1)
  const vite = await serveUi(target)
  process.exitCode = await runControlPlane(options, target, origin)
  await vite.close()
}

async function serveUi(target: string): Promise<ViteDevServer> {
  // vite.config.ts reads it.
  process.env.FLOTILLA_DEV_TARGET = target
  const vite = await createServer({
    configFile: join(root, 'vite.config.ts'),
    // One-time links sign in at the control plane, which answers with the cookie and the way back to the UI.
    server: { port: uiPort, strictPort: true, proxy: { '^/\\?token=': { target, changeOrigin: true } } }
  })
  return vite.listen()
}

/** Its output is shown with the origin of the UI, so that the printed link opens the one with hot reload. */
async function runControlPlane(options: string[], target: string, origin: string): Promise<number> {
  const watch = ['--watch', '--watch-preserve-output', join(root, 'server/main.ts')]
  const env = { ...process.env, FLOTILLA_DEV_ORIGIN: origin }
  const child = startChild(process.execPath, [...watch, ...options], { env, output: 'pipe' })
  if (child.process.stdout)
    createInterface({ input: child.process.stdout }).on('line', line => console.log(line.replaceAll(target, origin)))
  return (await child.ended).code
}

try {
  await dev(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
