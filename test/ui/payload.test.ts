import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const pages = join(import.meta.dirname, '../../out/renderer')
const limit = 220 * 1024

/** What the first page loads before anybody asked for more: the scripts and styles that index.html names. */
function initialFiles(): string[] {
  const html = readFileSync(join(pages, 'index.html'), 'utf8')
  return [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, file = '']) => file)
}

test('the initial payload is at most 220 KB of compressed scripts and styles', () => {
  const files = initialFiles()
  expect(files.some(file => file.startsWith('assets/') && file.endsWith('.js'))).toBe(true)
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(pages, file))).length, 0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThanOrEqual(limit)
})

test('what few pages need is loaded when they do: the palette, the run view, Markdown, the viewers', () => {
  const lazy = [
    'palette',
    'fleet-page',
    'runs-page',
    'run-page',
    'markdown-rendered',
    'changes-viewer',
    'text-viewer',
    'new-run-page'
  ]
  const built = readdirSync(join(pages, 'assets')).filter(file => file.endsWith('.js'))
  const initial = initialFiles().map(file => file.replace('assets/', ''))
  for (const name of lazy) {
    const file = built.find(one => one.startsWith(`${name}-`))
    expect(file, name).toBeDefined()
    expect(initial).not.toContain(file)
  }
})
