import { describe, expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

const id = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000'

describe('the arguments of an Electron process', () => {
  test('lose the executable and the folder of the app', () => {
    expect(readArguments(['/bin/electron', '.', '--port', '0'], false).options).toEqual(['--port', '0'])
  })

  test('lose modules that are loaded before', () => {
    const argv = ['electron', '-r', '/spy.cjs', '--require', 'b', '--no-sandbox', '/app', '--port', '0']
    expect(readArguments(argv, false).options).toEqual(['--port', '0'])
  })

  test('lose the executable only in a packaged app', () => {
    expect(readArguments(['/opt/flotilla', '--port', '0'], true).options).toEqual(['--port', '0'])
  })

  test.each([
    '--no-sandbox',
    '--ozone-platform=wayland',
    '--enable-features=WaylandWindowDecorations',
    '--inspect=0',
    '--remote-debugging-port=0',
    '--allow-file-access-from-files',
    '--original-process-start-time=1',
    '--lang=de'
  ])('leave %s to Chromium, wherever it stands', chromium => {
    expect(readArguments(['electron', chromium, '.', '--port', '0'], false).options).toEqual(['--port', '0'])
    expect(readArguments(['flotilla', '--port', '0', chromium], true).options).toEqual(['--port', '0'])
  })

  test.each(['--prot=5000', '--no-runer', '--data-folder', '--host', '--allowed-dirs=/a', '--no-runner'])(
    'hand %s on, to be read or refused',
    option => expect(readArguments(['flotilla', option], true).options).toEqual([option])
  )

  test('may name a page by a link', () => {
    expect(readArguments(['flotilla', `flotilla://run/${id}`], true)).toEqual({
      options: [],
      page: `/runs/${id}`,
      hidden: false
    })
  })

  test('may hold a bad link, which names nothing', () => {
    expect(readArguments(['flotilla', 'flotilla://run/../../etc'], true)).toMatchObject({ options: [], page: null })
  })

  test('may ask to start hidden', () => {
    expect(readArguments(['flotilla', '--hidden'], true)).toEqual({ options: [], page: null, hidden: true })
  })
})
