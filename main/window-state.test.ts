import { expect, test } from 'vitest'
import { windowBounds } from './window-state.ts'

const laptop = { x: 0, y: 25, width: 1512, height: 900 }
const monitor = { x: 1512, y: 0, width: 2560, height: 1440 }

test('a first window has the usual size', () => {
  expect(windowBounds(null, [monitor])).toEqual({ width: 1440, height: 900 })
})

test('a first window is no larger than the screen', () => {
  expect(windowBounds(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 })
})

test('a window comes back where it was', () => {
  const saved = { x: 1600, y: 100, width: 1200, height: 800 }
  expect(windowBounds(saved, [laptop, monitor])).toEqual(saved)
})

test('a window of a screen that is gone keeps its size only', () => {
  expect(windowBounds({ x: 1600, y: 100, width: 1200, height: 800 }, [laptop])).toEqual({ width: 1200, height: 800 })
})

test.each([
  { x: -1100, y: 100 },
  { x: 1500, y: 100 },
  { x: 100, y: -300 },
  { x: 100, y: 920 }
])('a window that could not be grabbed at $x, $y keeps its size only', bounds => {
  expect(windowBounds({ ...bounds, width: 1200, height: 800 }, [laptop])).toEqual({ width: 1200, height: 800 })
})

test('a window that grew beyond its screen shrinks to it', () => {
  expect(windowBounds({ x: 0, y: 25, width: 2560, height: 1440 }, [laptop])).toEqual({ ...laptop })
})
