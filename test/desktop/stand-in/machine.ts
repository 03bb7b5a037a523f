import { EventEmitter } from 'node:events'

const display = { id: 1, workArea: { x: 0, y: 0, width: 1600, height: 1000 } }

export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display]
})

export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false })

export const powerMonitor = new EventEmitter()

const blockers = new Set<number>()
let lastBlocker = 0

export const powerSaveBlocker = {
  start(): number {
    blockers.add(++lastBlocker)
    return lastBlocker
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id)
}
