import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest'
import { type Approval, approve, deny, listApprovals } from '#contract/runs/approvals'
import { cancelRun, followUpRun, launchRun, type Run } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { play, type Step, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let runs: Record<'decided' | 'stopped' | 'edited' | 'long' | 'hostile' | 'waiting', Run>
let chain: Run[]
let window: Window | undefined

const rtl = '\u202e'
const long = `https://example.com/${'a-very-long-path/'.repeat(12)}`

const bash = (id: string, command: string, result: Record<string, unknown>) =>
  toolCall(id, { tool: 'Bash', kind: 'command', argument: command, input: { command } }, result)

/** A call that a person is asked about. */
const asked = (id: string, command: string, result: Record<string, unknown>): Step[] => {
  const [use, answer] = bash(id, command, result)
  const request = { key: id, toolUseId: id, tool: 'Bash', title: 'wants to run a command', subject: command }
  return [use as Step, { type: 'approval', ...request, input: { command } }, { answer: id }, answer as Step]
}

const edit = (id: string, from: number, lines: string[]) =>
  toolCall(
    id,
    { tool: 'Edit', kind: 'edit', argument: 'src/keys.ts', input: { path: 'src/keys.ts' } },
    {
      diff: {
        path: 'src/keys.ts',
        hunks: [
          {
            oldStart: from,
            oldLines: lines.filter(line => !line.startsWith('+')).length,
            newStart: from,
            newLines: lines.filter(line => !line.startsWith('-')).length,
            lines
          }
        ]
      }
    }
  )

const question: Step[] = [
  {
    type: 'tool_use',
    id: 'q',
    tool: 'Ask',
    kind: 'question',
    argument: 'When?',
    input: { questions: [{ question: 'When?' }] }
  },
  {
    type: 'approval',
    key: 'q',
    toolUseId: 'q',
    kind: 'question',
    tool: 'Ask',
    title: 'has a question',
    input: { questions: [{ question: 'When?', options: [{ label: 'Now' }, { label: 'After the freeze' }] }] }
  },
  { answer: 'q' },
  { type: 'tool_result', id: 'q', text: 'Answered.' }
]

function pending(run: Run): Promise<Approval> {
  const query = { status: 'pending', runId: run.id } as const
  return vi.waitUntil(async () => (await app.call(listApprovals, { query })).data[0], { timeout: 20_000 })
}

const failing = [
  ...Array.from({ length: 40 }, (_, i) => `ok ${i} a case that passed`),
  'TypeError: totals is undefined',
  '    at sum (cart.ts:7)',
  ...Array.from({ length: 60 }, (_, i) => `ok ${i + 40} another one`),
  'Tests 1 failed, 100 passed'
].join('\n')

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  const decided = await play(app, 'Decide', [
    ...bash('one', 'npm test', { text: failing, exitCode: 1, isError: true }),
    ...asked('yes', 'npm publish', { text: 'published' }),
    ...asked('no', 'rm -rf build', { text: 'The person said no', isError: true }),
    ...question,
    ...bash('last', 'date', { text: 'Monday', exitCode: 0 }),
    { type: 'result', text: 'ok' }
  ])
  await app.call(approve, { params: { id: (await pending(decided)).id }, body: {} })
  await app.call(deny, { params: { id: (await pending(decided)).id }, body: { reason: 'Keep the build.' } })
  const open = await pending(decided)
  await app.call(approve, {
    params: { id: open.id },
    body: { input: { ...open.input, answers: { 'When?': 'After the freeze' } } }
  })
  const stopped = await play(app, 'Stop me', [...bash('w', 'sleep 900', {}).slice(0, 1), { answer: 'never' }])
  const edited = await play(app, 'Edit twice', [
    ...edit('1', 10, [' const a = 1', '-const b = 2', '+const b = 3', ' const c = 3']),
    ...edit('2', 11, ['-const b = 3', '+const b = 4', ' const c = 3', '+const d = 4']),
    ...edit('3', 10, ['-const a = 1', '+const a = 0']),
    ...edit('4', 10, ['-const a = 0', '+const a = 1']),
    { type: 'result', text: 'ok' }
  ])
  const longWords = await play(app, `Read ${long} and say what it is`, [
    ...bash('l', `curl ${long}`, { text: `${'x'.repeat(3000)}\nend`, exitCode: 0 }),
    { type: 'thinking', text: long },
    { type: 'text', text: `See ${long}\n\n| a | b |\n|---|---|\n| ${long} | 2 |\n\n\`\`\`\n${long}\n\`\`\`` },
    ...edit('e', 1, [`-${'y'.repeat(400)}`, `+${'z'.repeat(400)}`]),
    { type: 'error', message: `It broke at ${long}`, code: 'NETWORK', retrying: true },
    { type: 'result', text: 'ok' }
  ])
  const hostile = await play(app, `Title ${rtl}dne`, [
    { type: 'text', text: `Said ${rtl}sdrow **and ${rtl}more**` },
    { type: 'thinking', text: `Thought ${rtl}sthguoht` },
    ...toolCall(
      't',
      { tool: 'Todo', kind: 'todo', input: { todos: [{ content: `Do ${rtl}ti`, status: 'pending' }] } },
      {}
    ),
    ...bash('h', 'cat file', { text: `printed ${rtl}tuptuo`, exitCode: 1, isError: true }),
    ...edit('d', 1, [`-if (admin) ${rtl}{`, '+if (user) {']),
    { type: 'error', message: `It broke ${rtl}rorre`, code: 'NETWORK' }
  ])
  const waiting = await play(app, 'Wait for me', asked('p', `curl ${long}`, { text: 'ok' }))
  // What is stopped must have been called.
  const called = async () => expect((await eventsOf(app, stopped.id)).map(({ kind }) => kind)).toContain('tool_use')
  await vi.waitFor(called, { timeout: 20_000 })
  await app.call(cancelRun, { params: { id: stopped.id }, body: { now: true } })
  runs = { decided, stopped, edited, long: longWords, hostile, waiting }
  const first = await app.call(launchRun, { body: { prompt: 'wait 1 then list', runtime: 'practice' } })
  await untilStatus(app, first.id, 'SUCCEEDED')
  const second = await app.call(followUpRun, { params: { id: first.id }, body: { prompt: 'find kiwi then help' } })
  await untilStatus(app, second.id, 'SUCCEEDED')
  const third = await app.call(followUpRun, { params: { id: second.id }, body: { prompt: 'list' } })
  chain = [first, second, third]
  for (const run of [decided, edited, longWords, third]) await untilStatus(app, run.id, 'SUCCEEDED')
  await untilStatus(app, hostile.id, 'FAILED')
  await untilStatus(app, stopped.id, 'CANCELLED')
  await untilStatus(app, waiting.id, 'WAITING')
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
afterEach(async () => {
  expect(window?.faults).toEqual([])
  await window?.close()
  window = undefined
})

async function show(run: Run, options: BrowserContextOptions = {}): Promise<Page> {
  window = await openWindow(browser, options)
  await signIn(app, window, `/runs/${run.id}`)
  await window.page.getByRole('log').getByRole('article').first().waitFor()
  await window.page.waitForLoadState('networkidle')
  return window.page
}

const sizes = {
  'a phone': { viewport: { width: 390, height: 844 }, hasTouch: true },
  '400 % zoom': { viewport: { width: 320, height: 256 } }
}

/** What reaches over the right edge, other than inside of what scrolls by itself or says by dots that it goes on. */
const overflowing = `(() => {
  const scrolls = element => element !== null && element.getAttribute('role') !== 'log' && element !== document.body &&
    (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) ||
      getComputedStyle(element).textOverflow === 'ellipsis' || scrolls(element.parentElement))
  return [...document.querySelectorAll('main *')]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element))
    .map(element => element.outerHTML.slice(0, 100))
})()`

describe.each(Object.entries(sizes))('on %s', (_, options) => {
  const { width } = options.viewport

  test.each(['decided', 'long', 'hostile', 'waiting', 'edited'] as const)(
    'nothing of the run %s scrolls sideways',
    async name => {
      const page = await show(runs[name], options)
      for (const key of ['End', 'Home']) {
        await page.keyboard.press(key)
        await page.locator('article:focus').waitFor()
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(await page.evaluate(overflowing)).toEqual([])
        const log = page.getByRole('log')
        expect(await log.evaluate(element => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
      }
    }
  )

  test('the title is read, times stand above their rows, the composer is one line until somebody writes', async () => {
    const page = await show(chain[2] as Run, options)
    const title = page.getByRole('heading', { level: 1 })
    expect(await title.evaluate(element => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
    const row = page.getByRole('article', { name: /^List/ }).last()
    const box = await row.boundingBox()
    const time = await row.getByRole('time').boundingBox()
    const name = await row.getByText('List', { exact: true }).boundingBox()
    expect((time?.y ?? 0) + (time?.height ?? 0)).toBeLessThanOrEqual((name?.y ?? 0) + 1)
    expect(name?.x).toBe(box?.x)
    const field = page.getByRole('textbox', { name: 'Follow-up' })
    await expect.poll(async () => (await field.boundingBox())?.height).toBeLessThanOrEqual(44)
    const log = await page.getByRole('log').boundingBox()
    expect(log?.height).toBeGreaterThan(options.viewport.height / 4)
    await field.fill('one\ntwo\nthree')
    await expect.poll(async () => (await field.boundingBox())?.height ?? 0).toBeGreaterThan(60)
    expect(await page.getByRole('button', { name: 'Follow up' }).count()).toBe(1)
  })

  test('the chain is one row that opens, facts and stop are behind the menu', async () => {
    const page = await show(chain[2] as Run, options)
    const session = page.getByRole('navigation', { name: 'Runs of this session' })
    await session.getByRole('button', { name: /3 of 3/ }).click()
    expect(await page.getByRole('menuitem').count()).toBe(3)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Run facts' }).click()
    const facts = page.getByRole('complementary', { name: 'Run facts' })
    await facts.getByText('Follow-up to').waitFor()
    expect((await facts.boundingBox())?.width).toBeLessThanOrEqual(width)
    await page.keyboard.press('Escape')
    await facts.waitFor({ state: 'hidden' })
  })

  test('the tools of a row lie beside what they open, never over it', async () => {
    const page = await show(runs.decided, options)
    const row = page.getByRole('article', { name: 'Bash, date, exit 0' })
    await row.getByRole('button', { name: /date/ }).click()
    await expectApart(row.getByRole('tablist'), row.getByText('Monday'))
  })
})

async function expectApart(...parts: ReturnType<Page['getByRole']>[]): Promise<void> {
  const boxes = await Promise.all(parts.map(part => part.boundingBox()))
  const [above, below] = boxes
  if (!above || !below) throw new Error('not drawn')
  expect(above.y + above.height).toBeLessThanOrEqual(below.y + 1)
}

describe('the tools of a row', () => {
  test('of what opened by itself are turned on beside its line, and shown whole', async () => {
    const page = await show(runs.hostile)
    const row = page.getByRole('article', { name: /^Bash, cat file, exit 1/ })
    const output = row.getByText('printed')
    expect(await row.getByRole('tablist').count()).toBe(0)
    await row.hover()
    await row.getByRole('button', { name: 'Input, result and raw' }).click()
    await expectApart(row.getByRole('tablist'), output)
    await row.getByRole('tab', { name: 'Input' }).click()
    await row.getByRole('tabpanel', { name: 'Input' }).getByText('cat file').waitFor()
  })

  test('Open is there for fingers too', async () => {
    const page = await show(runs.edited, { hasTouch: true, viewport: { width: 1024, height: 700 } })
    const row = page.getByRole('article', { name: /^Edit, src.keys.ts/ }).last()
    await expectApart(row.getByRole('button', { name: 'Open', exact: true }), row.getByRole('region'))
    await row.getByRole('button', { name: 'Open', exact: true }).tap()
    await page.getByRole('dialog', { name: /^Changed files/ }).waitFor()
  })
})

describe('what people decided', () => {
  test('is said in the row of the call: allowed, denied with its reason, answered with its answer', async () => {
    const page = await show(runs.decided)
    const article = (name: string) => page.getByRole('article', { name, exact: true })
    await article('Bash, npm publish').getByText('allowed by you').waitFor()
    await article('Bash, rm -rf build, denied').getByText('“Keep the build.”').waitFor()
    await article('Ask, When?').getByText('After the freeze').waitFor()
    expect(await page.getByRole('article').count()).toBe(7)
    expect(await article('Bash, rm -rf build, denied').getByText('failed').count()).toBe(0)
    await article('Bash, npm publish').getByRole('button').click()
    await article('Bash, npm publish')
      .getByText(/^Allowed once by you after/)
      .waitFor()
  })

  test('is no failure on the ribbon, and its wait no work of the call', async () => {
    const page = await show(runs.decided)
    const ribbon = page.getByRole('img', { name: /^Where the time went/ })
    expect(await ribbon.locator('[data-kind="error"]').count()).toBe(1)
    expect(await ribbon.locator('[data-kind="waiting"]').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Events' }).click()
    expect(await page.getByRole('menuitem', { name: /failed$/ }).count()).toBe(1)
  })

  test('a call whose run was stopped is stopped, neither failed nor silent', async () => {
    const page = await show(runs.stopped)
    await page.getByRole('article', { name: 'Bash, sleep 900, stopped' }).waitFor()
    expect(
      await page
        .getByRole('img', { name: /^Where the time/ })
        .locator('[data-kind="error"]')
        .count()
    ).toBe(0)
  })
})

describe('a chain', () => {
  test('is searched whole, and a hit of an earlier run is led to', async () => {
    const page = await show(chain[2] as Run)
    await page.keyboard.press('Control+f')
    await page.keyboard.type('kiwi')
    await page
      .getByText(/^[1-9]\d*$/)
      .and(page.getByRole('status'))
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('article', { name: /kiwi/ }).first().waitFor()
    await expect.poll(() => page.evaluate("CSS.highlights.get('found-current')?.size ?? 0")).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Home')
    await page.locator('article:focus[aria-label^="You: wait 1"]').waitFor()
    await page.keyboard.press('End')
    await page.locator('article:focus[aria-label^="Done"]').waitFor()
    expect(page.url()).toContain(chain[2]?.id)
  })

  test('has the same numbers in bar, chain, stream and facts', async () => {
    const [, second, third] = chain as [Run, Run, Run]
    const page = await show(third)
    await page.getByRole('heading', { level: 1, name: `#${third.number} list` }).waitFor()
    const strip = page.getByRole('navigation', { name: 'Runs of this session' }).getByRole('link')
    expect(await strip.allInnerTexts()).toEqual(chain.map(run => `#${run.number} ${run.input}`))
    const facts = page.getByRole('complementary', { name: 'Run facts' })
    await facts.getByRole('link', { name: `#${second.number}` }).waitFor()
    await page.getByRole('article', { name: /^Done/ }).last().waitFor()
    const stream = page.getByRole('log')
    await stream.getByRole('heading', { level: 2, name: `#${third.number} list` }).waitFor()
  })
})

test('the changed files show what the run came to, and each edit when it is asked for', async () => {
  const page = await show(runs.edited)
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /keys.ts/ })
    .click()
  const viewer = page.getByRole('dialog', { name: /^Changed files/ })
  const net = viewer.getByRole('region', { name: 'Changes of src/keys.ts', exact: true })
  await net.waitFor()
  expect((await net.innerText()).match(/const \w = \d/g)).toEqual([
    'const a = 1',
    'const b = 2',
    'const b = 4',
    'const c = 3',
    'const d = 4'
  ])
  await viewer.getByText('4 edits in all').waitFor()
  await viewer.getByRole('button', { name: 'Each edit' }).click()
  expect(await viewer.getByRole('region').count()).toBe(4)
  await viewer.getByText('edit 4 of 4').waitFor()
})

test('what failed shows its first error and its end, and the rest when it is asked for', async () => {
  const page = await show(runs.decided)
  const row = page.getByRole('article', { name: 'Bash, npm test, exit 1' })
  await row.getByText('TypeError: totals is undefined').waitFor()
  await row.getByText('Tests 1 failed, 100 passed').waitFor()
  expect(await row.getByText('ok 0 a case that passed').count()).toBe(0)
  await row.getByRole('button', { name: '40 more lines' }).click()
  await row.getByText('ok 0 a case that passed').waitFor()
})

test('marks that turn the direction of text are spelt out wherever it is shown', async () => {
  const page = await show(runs.hostile)
  await page.getByRole('article', { name: /^Failed/ }).waitFor()
  await page.getByRole('button', { name: /^Thought/ }).click()
  for (const words of ['sdrow', 'more', 'sthguoht', 'ti', 'tuptuo', 'rorre']) {
    await page.getByRole('log').getByText(`⟨U+202E⟩${words}`).first().waitFor()
  }
  await page.getByRole('log').getByText('⟨U+202E⟩{').waitFor()
  await page.getByRole('heading', { level: 1 }).getByText('⟨U+202E⟩dne').waitFor()
  const { text, names } = await page.evaluate<{ text: string; names: string }>(`({
    text: document.body.innerText + document.title,
    names: [...document.querySelectorAll('[aria-label], [title]')].map(one => one.getAttribute('aria-label') + one.title).join()
  })`)
  expect(text).not.toContain(rtl)
  expect(names).not.toContain(rtl)
})
