import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

/**
 * Draws resources/icons from the mark of renderer/ui/brand-mark.tsx, in Chromium. Run by hand when the mark changes:
 * `node scripts/draw-icons.ts /usr/bin/chromium`. The files are kept in the repository.
 */
const folder = join(dirname(import.meta.dirname), 'resources/icons')

/** On the tile the mark keeps to the middle, as the systems draw their own icons. */
const mark =
  '<path d="M10 1.5v10.2L3.4 11.7Z"/><path d="M11.6 4.5v7.2h4.9Z" opacity=".5"/><path d="M2 13.6h16l-2.6 4H4.6Z"/>'

function svg(content: string, viewBox = '0 0 20 20'): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}">${content}</svg>`
}

const tile = svg(
  `<rect x="2" y="2" width="36" height="36" rx="8" fill="#15191b"/><g transform="translate(9 9.6) scale(1.1)" fill="#fbfbfa">${mark}</g>`,
  '0 0 40 40'
)
/** Panels on Linux and Windows are dark or light; a tile of its own stands out on both. */
const tray = svg(
  `<rect width="22" height="22" rx="5" fill="#15191b"/><g transform="translate(3 3) scale(.8)" fill="#fbfbfa">${mark}</g>`,
  '0 0 22 22'
)
/** macOS colours a template by itself; only its shape counts. */
const template = svg(`<g transform="translate(1 1)" fill="#000">${mark}</g>`, '0 0 22 22')
const waiting = svg('<path d="M10 1 19 10 10 19 1 10Z" fill="#b3610b"/>')

const linuxSizes = [16, 32, 48, 64, 128, 256, 512]
const windowsSizes = [16, 32, 48, 256]
const macSizes: [type: string, size: number][] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024]
]

async function draw(page: Page, picture: string, size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${picture}`)
  return page.screenshot({ omitBackground: true })
}

/** An .ico is a table of pictures, which may be PNG. */
function ico(pictures: { size: number; png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  for (const [index, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * index
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(png.length, entry + 8)
    head.writeUInt32LE(offset, entry + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** An .icns is a row of tagged pictures, which may be PNG. */
function icns(pictures: { type: string; png: Buffer }[]): Buffer {
  const tagged = (type: string, length: number) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(length + 8, 4)
    return head
  }
  const body = Buffer.concat(pictures.flatMap(({ type, png }) => [tagged(type, png.length), png]))
  return Buffer.concat([tagged('icns', body.length), body])
}

async function drawAll(chromiumFile: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: chromiumFile, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const save = (name: string, content: Buffer) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  for (const size of linuxSizes) save(`linux/${size}x${size}.png`, await draw(page, tile, size))
  save('icon.png', await draw(page, tile, 256))
  save('tray.png', await draw(page, tray, 22))
  save('tray@2x.png', await draw(page, tray, 44))
  save('tray-template.png', await draw(page, template, 22))
  save('tray-template@2x.png', await draw(page, template, 44))
  save('waiting.png', await draw(page, waiting, 32))
  const windows = async (picture: string, sizes: number[]) => {
    const pictures = []
    for (const size of sizes) pictures.push({ size, png: await draw(page, picture, size) })
    return ico(pictures)
  }
  save('icon.ico', await windows(tile, windowsSizes))
  save('tray.ico', await windows(tray, [16, 32]))
  const mac = []
  for (const [type, size] of macSizes) mac.push({ type, png: await draw(page, tile, size) })
  save('icon.icns', icns(mac))
  await browser.close()
}

const [chromiumFile] = process.argv.slice(2)
if (chromiumFile === undefined) throw new Error('Say where Chromium lies: node scripts/draw-icons.ts FILE')
await drawAll(chromiumFile)
