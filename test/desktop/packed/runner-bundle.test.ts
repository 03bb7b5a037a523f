import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { getRun, launchRun } from '#contract/runs/runs'
import { agentsOf, runnerOf, send } from '../../kit/processes.ts'
import { temporaryFolder } from '../../kit/start-app.ts'
import { type Desktop, startDesktop } from '../kit/desktop.ts'

const packedNode = join(import.meta.dirname, '../../../release/linux-unpacked/resources/runtime/node')
let desktop: Desktop | null = null

afterEach(async () => {
  const dataDir = desktop?.dataDir
  const runner = dataDir ? await runnerOf(dataDir) : null
  await desktop?.close()
  if (runner !== null) send(runner, 'SIGTERM')
  desktop = null
})

const versions = (dataDir: string) => readdirSync(join(dataDir, 'runtime')).sort()
const programOf = (pid: number) => readlinkSync(`/proc/${pid}/exe`)

async function startWithRunner(dataDir = temporaryFolder()): Promise<Desktop> {
  const started = await startDesktop({ runner: true, dataDir })
  desktop = started
  await expect
    .poll(async () => (await started.plane.call(listRunners)).data.map(({ status }) => status))
    .toEqual(['online'])
  return started
}

describe('the packaged bundle of the runner', () => {
  test('is copied to the data folder, and exactly this Node runs the runner and the practice agent', async () => {
    const { dataDir, plane } = await startWithRunner()
    const [version = ''] = versions(dataDir)
    const node = join(dataDir, 'runtime', version, 'node')
    expect(readFileSync(node).equals(readFileSync(packedNode))).toBe(true)
    const runner = await runnerOf(dataDir)
    if (runner === null) throw new Error('no runner')
    expect(programOf(runner)).toBe(node)
    const body = { prompt: 'run sleep 60', runtime: 'practice', permissionMode: 'bypassPermissions' }
    const run = await plane.call(launchRun, { body })
    const programs = async () => (await agentsOf(run.id)).map(programOf)
    await expect.poll(programs).toContain(node)
    const status = async () => (await plane.call(getRun, { params: { id: run.id } })).status
    await expect.poll(status).toBe('RUNNING')
  })

  test('brings an npm that works', async () => {
    const { dataDir } = await startWithRunner()
    const npm = join(dataDir, 'runtime', versions(dataDir)[0] ?? '', 'npm')
    expect(
      execFileSync(npm, ['--version'], { env: { PATH: '/usr/bin:/bin', HOME: dataDir }, encoding: 'utf8' })
    ).toMatch(/^11\./)
  })

  test('is the last place where agents look for programs, so that they find Node and npm on any machine', async () => {
    const { dataDir, plane } = await startWithRunner()
    const command = { program: 'sh', args: ['-c', 'echo "$PATH"'] }
    const run = await plane.call(launchRun, { body: { prompt: 'x', runtime: 'command', command } })
    const result = async () => (await plane.call(getRun, { params: { id: run.id } })).result ?? ''
    await expect.poll(result).toMatch(/./)
    expect((await result()).trim().split(':').at(-1)).toBe(join(dataDir, 'runtime', versions(dataDir)[0] ?? ''))
  })

  test('is made whole again where a file was cut', async () => {
    const first = await startDesktop({ keepFolder: true })
    await first.close()
    const node = join(first.dataDir, 'runtime', versions(first.dataDir)[0] ?? '', 'node')
    truncateSync(node, 1000)
    await startWithRunner(first.dataDir)
    expect(readFileSync(node).equals(readFileSync(packedNode))).toBe(true)
  })

  test('of an older version goes when nothing runs from it, and stays while something does', async () => {
    const dataDir = temporaryFolder()
    for (const version of ['0.0.1-idle', '0.0.2-busy']) {
      mkdirSync(join(dataDir, 'runtime', version), { recursive: true })
      copyFileSync('/bin/sleep', join(dataDir, 'runtime', version, 'node'))
    }
    const busy = spawn(join(dataDir, 'runtime/0.0.2-busy/node'), ['600'])
    await once(busy, 'spawn')
    desktop = await startDesktop({ dataDir })
    await expect.poll(() => existsSync(join(dataDir, 'runtime/0.0.1-idle'))).toBe(false)
    expect(versions(dataDir)).toContain('0.0.2-busy')
    busy.kill()
  })

  test('starts at login when that is wanted: hidden, by the desktop file of its user', async () => {
    desktop = await startDesktop()
    const file = join(desktop.home, '.config/autostart/flotilla.desktop')
    const click = () =>
      desktop?.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('open-at-login')?.click())
    await click()
    expect(readFileSync(file, 'utf8')).toMatch(/^Exec=".+" --hidden$/m)
    await click()
    expect(existsSync(file)).toBe(false)
  })

  test('offers no tools of developers', async () => {
    desktop = await startDesktop()
    const found = await desktop.electron.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(item => item.submenu?.items ?? []) ?? []
      return items.map(item => item.id || item.role || item.label)
    })
    expect(found.map(name => name.toLowerCase())).not.toContain('toggledevtools')
    expect(found).toContain('new-run')
  })
})
