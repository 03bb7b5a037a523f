import { expect, test } from 'vitest'
import { placeWindow } from './window-state.ts'

const laptop = { x: 0, y: 25, width: 1512, height: 900 }
const monitor = { x: 1512, y: 0, width: 2560, height: 1440 }

test('a first window has the usual size', () => {
  expect(placeWindow(null, [monitor])).toEqual({ width: 1440, height: 900 })
})

test('a first window is no larger than the screen', () => {
  expect(placeWindow(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 })
})

test('a window comes back where it was', () => {
  const saved = { x: 1600, y: 100, width: 1200, height: 800 }
  expect(placeWindow(saved, [laptop, monitor])).toEqual(saved)
})

test('a window of a screen that is gone keeps its size only', () => {
  expect(placeWindow({ x: 1600, y: 100, width: 1200, height: 800 }, [laptop])).toEqual({ width: 1200, height: 800 })
})

test.each([
  { x: -1100, y: 100 },
  { x: 1500, y: 100 },
  { x: 100, y: -300 },
  { x: 100, y: 920 }
])('a window that could not be grabbed at $x, $y keeps its size only', place => {
  expect(placeWindow({ ...place, width: 1200, height: 800 }, [laptop])).toEqual({ width: 1200, height: 800 })
})

test('a window that grew beyond its screen shrinks to it', () => {
  expect(placeWindow({ x: 0, y: 25, width: 2560, height: 1440 }, [laptop])).toEqual({ ...laptop })
})
