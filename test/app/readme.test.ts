import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { listRuns } from '#contract/runs/runs'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { needs } from '../kit/needs.ts'

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

let headless: Headless | undefined
let shell: Shell | undefined

afterEach(async () => {
  shell?.process.kill()
  await headless?.app.close()
})

needs('curl')('the lines of the README launch, approve, follow and continue a run of the practice agent', async () => {
  headless = await startHeadless({ args: ['--stop-agents'] })
  const { app } = headless
  await expect.poll(async () => (await app.call(listRunners)).data.map(runner => runner.status)).toEqual(['online'])
  shell = openShell({ PATH: process.env.PATH, FLOTILLA_DATA_DIR: app.dataDir })
  const [find, launch, approve, follow, goOn, ...more] = blocks('## Call the API')
  expect(more).toEqual([])

  await shell.run(find)
  await shell.run(launch)
  const [run] = (await app.call(listRuns)).data
  if (!run) throw new Error('no run was launched')
  await untilStatus(app, run.id, 'WAITING')

  expect(await shell.run(approve)).toContain('"status":"approved"')
  const stream = await shell.run(follow)
  expect(stream).toContain('event: end')
  expect(await untilStatus(app, run.id, 'SUCCEEDED')).toMatchObject({ runtime: 'practice' })
  const events = await eventsOf(app, run.id)
  for (const { seq } of events) expect(stream).toContain(`id: ${seq}\n`)
  expect(events.filter(event => event.kind === 'tool_result').at(-1)?.data).toMatchObject({
    text: expect.stringContaining('Hello')
  })

  const child = JSON.parse(await shell.run(goOn))
  expect(child).toMatchObject({ parentRunId: run.id, trigger: 'followup' })
  await untilStatus(app, child.id, 'SUCCEEDED')
  expect(readFileSync(join(app.dataDir, 'workspaces', run.id, 'notes.txt'), 'utf8')).toContain('Good day')
})

/** The shell lines of one chapter. */
function blocks(heading: string): string[] {
  const chapter = readme.split(/^(?=## )/m).find(part => part.startsWith(heading))
  return [...(chapter ?? '').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(match => match[1] ?? '')
}

interface Shell {
  process: ChildProcess
  /** Runs lines in the one shell and returns what they printed. */
  run(lines: string | undefined): Promise<string>
}

function openShell(env: NodeJS.ProcessEnv): Shell {
  const child = spawn('sh', { stdio: ['pipe', 'pipe', 'inherit'], env })
  const output = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function run(lines: string | undefined): Promise<string> {
    if (!lines) throw new Error('the README has fewer blocks than this test reads')
    child.stdin.write(`${lines}\necho\necho "done with $?"\n`)
    let printed = ''
    for (;;) {
      const next = await output.next()
      if (next.done) throw new Error(`the shell ended after: ${printed}`)
      if (next.value.startsWith('done with ')) return printed
      printed += `${next.value}\n`
    }
  }
  return { process: child, run }
}
