import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('../../renderer/ui/tokens.css', import.meta.url), 'utf8')

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`)
  const block = css.slice(start, css.indexOf('\n  }', start))
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]))
}

const light = tokensOf(':root')
const themes = { light, dark: new Map([...light, ...tokensOf('[data-theme="dark"]')]) }

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const surfaces = ['bg-sunk', 'bg', 'bg-raised', 'bg-hover', 'bg-active', 'bg-code']
const states = ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled']

/** Text on what it may stand on: 4.5 to 1. */
const texts: [string, string[]][] = [
  ['ink', [...surfaces, 'select']],
  ['ink-2', surfaces],
  ['ink-3', surfaces],
  ['link', ['bg', 'bg-raised', 'bg-code']],
  ['on-primary', ['primary', 'primary-hover']],
  ['on-danger', ['danger']],
  ['ink-inv', ['focus']],
  ['add-fg', ['add-bg', 'bg', 'bg-raised']],
  ['del-fg', ['del-bg', 'bg', 'bg-raised']],
  ['ink', ['add-bg', 'add-mark', 'del-bg', 'del-mark']],
  ...states.map((state): [string, string[]] => [`${state}-fg`, ['bg', 'bg-raised', 'bg-hover', `${state}-tint`]])
]

/** Edges and glyphs that carry a meaning: 3 to 1. */
const marks: [string, string[]][] = [
  ['line-control', ['bg', 'bg-raised']],
  ['focus', surfaces],
  ...states.map((state): [string, string[]] => [`${state}-solid`, ['bg-raised']])
]

describe.each(Object.entries(themes))('%s', (_name, tokens) => {
  const colour = (name: string) => {
    const value = tokens.get(name)
    if (!value) throw new Error(`tokens.css has no --${name}`)
    return value
  }
  const pairs = (list: [string, string[]][], least: number) =>
    list.flatMap(([fg, bgs]) => bgs.map(bg => ({ fg, bg, least, is: contrast(colour(fg), colour(bg)) })))

  test('text reads on everything it stands on', () => {
    expect(pairs(texts, 4.5).filter(({ is, least }) => is < least)).toEqual([])
  })

  test('edges and glyphs stand out', () => {
    expect(pairs(marks, 3).filter(({ is, least }) => is < least)).toEqual([])
  })
})

test('the measure itself is right', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 1)
})
