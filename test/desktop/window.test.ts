import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBinary } from './kit/binary.ts'
import { type Desktop, startDesktop } from './kit/desktop.ts'

let desktop: Desktop
beforeAll(async () => {
  desktop = await startDesktop()
})
afterAll(() => desktop?.close())

describe(`the window, on ${findBinary().words}`, () => {
  test('shows the runs, signed in', async () => {
    await desktop.page.getByRole('heading', { level: 1 }).first().waitFor()
    expect(new URL(desktop.page.url()).origin).toBe(desktop.url())
  })

  test('keeps the session from the page and off the disk', async () => {
    expect(await desktop.page.evaluate(() => document.cookie)).toBe('')
    const cookies = await desktop.electron.evaluate(({ session }) => session.defaultSession.cookies.get({}))
    const ours = cookies.filter(({ name }) => name.startsWith('flotilla_'))
    expect(ours).toMatchObject([{ httpOnly: true, session: true }])
  })

  test('has nothing of Node or Electron in its page', async () => {
    const found = await desktop.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', 'global'].filter(name => name in window)
    )
    expect(found).toEqual([])
  })
})
