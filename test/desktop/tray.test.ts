import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { deny } from '#contract/runs/approvals'
import { findBinary } from './kit/binary.ts'
import { type Desktop, readSettings, startDesktop, untilPath } from './kit/desktop.ts'
import { type FakeFleet, fakeFleet } from './kit/fake-fleet.ts'

let desktop: Desktop
let fleet: FakeFleet
let assignment: Assignment

beforeAll(async () => {
  desktop = await startDesktop({ tray: true })
  fleet = await fakeFleet(desktop)
})
afterAll(() => desktop?.close())

const labels = () => desktop.seen(seen => seen.trayMenu?.items.map(item => item.label).filter(label => label !== ''))
const clickTray = (id: string) =>
  desktop.electron.evaluate((_electron, wanted) => {
    const { flotillaSeen } = globalThis as unknown as { flotillaSeen: { trayMenu: Electron.Menu } }
    flotillaSeen.trayMenu.getMenuItemById(wanted)?.click()
  }, id)
const told = () => desktop.seen(seen => seen.notifications.map(({ title, body }) => `${title}. ${body}`))
const isVisible = () => desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
/** Under a display without a window manager no window is ever focused. */
const setFocused = (focused: boolean) =>
  desktop.electron.evaluate(({ BrowserWindow }, value) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window) window.isFocused = () => value
  }, focused)

// One story: what the tray says grows with what happened before.
describe(`the tray, on ${findBinary().words}`, { shuffle: false }, () => {
  test('says that nothing is at work', async () => {
    await expect.poll(labels).toEqual(['No runs at work', 'New run', 'Open Flotilla', 'Open in browser', 'Quit'])
  })

  test('counts runs as they come, and offers what becomes of them at a quit', async () => {
    assignment = await fleet.working()
    await expect
      .poll(labels)
      .toEqual([
        '1 running',
        'New run',
        'Open Flotilla',
        'Open in browser',
        'Quit, keep agents running',
        'Quit and stop agents'
      ])
    expect(await desktop.seen(seen => seen.trayTip)).toBe('Flotilla: 1 running')
    // A run that was only claimed is counted, too, and keeps nothing awake.
    await expect.poll(() => desktop.seen(seen => seen.awake)).toBe(true)
  })

  test('lists who waits, with a badge and a notification, and opening one goes to its run', async () => {
    await setFocused(false)
    const approval = await fleet.ask(assignment, 'rm -rf build & more')
    await expect.poll(labels).toContain('Run 1: rm -rf build && more')
    expect(await desktop.seen(seen => seen.badge)).toBe(1)
    // One that waits for a person does not keep the computer awake.
    await expect.poll(() => desktop.seen(seen => seen.awake)).toBe(false)
    await expect.poll(told).toEqual(['Run 1 needs you. wants to run a command: rm -rf build & more'])
    await clickTray(`waiting-${approval.id}`)
    await untilPath(desktop, `/runs/${assignment.runId}`)
  })

  test('goes to the run by a click on the notification', async () => {
    await clickTray('new-run')
    await untilPath(desktop, '/runs/new')
    await desktop.seen(seen => seen.notifications[0]?.emit('click'))
    await untilPath(desktop, `/runs/${assignment.runId}`)
  })

  test('stays quiet about the run that is looked at', async () => {
    await setFocused(true)
    await fleet.ask(assignment, 'seen already')
    await expect.poll(() => desktop.seen(seen => seen.badge)).toBe(2)
    const other = await fleet.working()
    await fleet.fail(other, 'No credits left.')
    await expect.poll(told).toContain('Run 2 failed. No credits left.')
    expect((await told()).join()).not.toContain('seen already')
    await setFocused(false)
  })

  test('takes a notification back when somebody answered elsewhere', async () => {
    const approval = await fleet.ask(assignment, 'soon denied')
    const withdrawn = () =>
      desktop.seen(seen => seen.notifications.filter(one => one.withdrawn).map(({ body }) => body))
    await expect.poll(told).toContain('Run 1 needs you. wants to run a command: soon denied')
    await desktop.plane.call(deny, { params: { id: approval.id } })
    await expect.poll(withdrawn).toContain('wants to run a command: soon denied')
  })

  test('lists at most five, and says how many more', async () => {
    for (let n = 0; n < 5; n++) await fleet.ask(assignment, `command ${n}`)
    await expect.poll(labels).toContain('2 more…')
    const waiting = (await labels())?.filter(label => label.startsWith('Run ')) ?? []
    expect(waiting).toHaveLength(5)
    await clickTray('waiting-more')
    await untilPath(desktop, '/approvals')
  })

  test('tells of many at once in one notification', async () => {
    await clickTray('new-run')
    const before = (await told()).length
    const many = await Promise.all(Array.from({ length: 6 }, () => fleet.working()))
    await Promise.all(many.map(one => fleet.fail(one, 'The same reason')))
    // What waited just before may be told meanwhile.
    const failures = async () => (await told()).slice(before).filter(text => text.includes('failed'))
    await expect.poll(failures).toEqual(['Flotilla. 6 failed'])
  })

  test('opens the browser signed in', async () => {
    await clickTray('open-in-browser')
    await expect.poll(() => desktop.seen(seen => seen.opened)).toHaveLength(1)
    const [link = ''] = await desktop.seen(seen => seen.opened)
    expect((await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')).toContain('HttpOnly')
  })

  test('takes in a window that is closed, says so once, and brings it back', async () => {
    const close = () => desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    const times = async () => (await told()).filter(text => text.includes('goes on in the tray')).length
    await close()
    await expect.poll(isVisible).toBe(false)
    expect(await times()).toBe(1)
    await clickTray('open')
    await expect.poll(isVisible).toBe(true)
    await close()
    await expect.poll(isVisible).toBe(false)
    expect(await times()).toBe(1)
    expect(await desktop.second()).toBe(0)
    await expect.poll(isVisible).toBe(true)
  })

  test('lets closing quit when that is wanted, and remembers it', async () => {
    await desktop.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('stays-in-tray')?.click())
    await expect.poll(() => readSettings(desktop.dataDir).staysInTray).toBe(false)
    await desktop.seen(seen => Object.assign(seen.answer, { response: 0 }))
    await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => {})
    expect(await desktop.ended).toBe(0)
  })
})
