import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** What a reader would have felt while it was measured. */
export interface Felt {
  /** Between two frames, in ms, ascending. */
  frames: number[]
  /** Longest task of the page, in ms; 0 when none took 50. */
  longestTask: number
  /** Most elements that the stream held at a time. */
  nodes: number
}

/** Every page of this window gets the probe, before its own scripts. */
export async function addProbe(page: Page): Promise<void> {
  await page.addInitScript({ path: join(import.meta.dirname, 'probe.js') })
}

export function feel(page: Page, ms: number): Promise<Felt> {
  return page.evaluate(`feel(${ms})`)
}

export function endShown(page: Page, runId: string): Promise<number> {
  return page.evaluate(`endShown(${JSON.stringify(runId)})`)
}

/** A page is warm once the palette was open on it. */
export function openPalette(page: Page): Promise<number> {
  return page.evaluate('openPalette()')
}

export function openNothing(page: Page): Promise<number> {
  return page.evaluate('openNothing()')
}

/** As `feel`, while the stream is scrolled upwards by `step` px in each frame. */
export function feelReading(page: Page, ms: number, step: number): Promise<Felt> {
  return page.evaluate(`feelReading(${ms}, ${step})`)
}

export function searchRun(page: Page, words: string): Promise<number> {
  return page.evaluate(`searchRun(${JSON.stringify(words)})`)
}

/** By `g` and the letter, until everything by these selectors is drawn and nothing stands in for what is still to come. */
export function goTo(page: Page, letter: string, whole: readonly string[]): Promise<number> {
  return page.evaluate(`goTo(${JSON.stringify(letter)}, ${JSON.stringify(whole)})`)
}

/** Letter by letter into the open palette; the slowest answer. */
export function typeInPalette(page: Page, words: string): Promise<number> {
  return page.evaluate(`typeInPalette(${JSON.stringify(words)})`)
}
