/**
 * A text as redaction reads it: without white space, control characters and backslashes. So a value is found however
 * often it was escaped, wherever it was wrapped, and indented by whatever.
 */
export interface View {
  length: number
  codes: Uint16Array
  /** Where each code begins in the text, and where it ends. */
  from: Uint32Array
  to: Uint32Array
}

export function isPassedOver(code: number): boolean {
  return code <= 32 || code === 92 || code === 127
}

export function plainView(text: string): View {
  const view = emptyView(text.length)
  for (let at = 0; at < text.length; at++) add(view, text.charCodeAt(at), at, at + 1)
  return view
}

const anyEscape = /%[0-9a-f]{2}|\\[ux][0-9a-f]{2}|&(#|amp|lt|gt|quot|apos)/i
const escapes =
  /%(?<percent>[0-9a-f]{2})|\\x(?<byte>[0-9a-f]{2})|\\u(?<unit>[0-9a-f]{4})|&#(?<decimal>\d{1,7});|&#x(?<hex>[0-9a-f]{1,6});|&(?<name>amp|lt|gt|quot|apos);/giy
const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** To be asked first, for it costs next to nothing. */
function beginsEscape(text: string): boolean {
  return text.includes('%') || text.includes('\\') || text.includes('&')
}

/** The text with `%2F`, `\u00e9`, `\xc3` and `&amp;` read as what they stand for; null where there is nothing such. */
export function decodedView(text: string): View | null {
  if (!beginsEscape(text) || !anyEscape.test(text)) return null
  const view = emptyView(text.length)
  let bytes: { value: number; from: number; to: number }[] = []
  const flush = () => {
    if (bytes.length > 0) addBytes(view, bytes)
    bytes = []
  }
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const found = code === 37 || code === 92 || code === 38 ? escapeAt(text, at) : null
    const to = at + (found?.length ?? 1)
    if (found?.byte !== undefined) bytes.push({ value: found.byte, from: at, to })
    else {
      flush()
      for (const unit of (found?.text ?? text.charAt(at)).split('')) add(view, unit.charCodeAt(0), at, to)
    }
    at = to
  }
  flush()
  return view
}

/** Where an escape begins that the end of the text may have cut; the length of the text when none does. */
export function cutEscapeAt(text: string): number {
  const cut = /(%[0-9a-f]?|\\([ux][0-9a-f]{0,3})?|&[#a-z][0-9a-z]{0,6}|&)$/i.exec(text.slice(-10))
  return cut === null ? text.length : text.length - cut[0].length
}

interface Escape {
  length: number
  /** One of a text in UTF-8. */
  byte?: number
  text?: string
}

function escapeAt(text: string, at: number): Escape | null {
  escapes.lastIndex = at
  const found = escapes.exec(text)
  const { percent, byte, unit, decimal, hex, name } = found?.groups ?? {}
  if (found === null) return null
  const { length } = found[0]
  const eight = percent ?? byte
  if (eight !== undefined) return { length, byte: Number.parseInt(eight, 16) }
  if (name !== undefined) return { length, text: named[name.toLowerCase()] ?? '' }
  const point = unit ?? hex
  const number = point === undefined ? Number(decimal) : Number.parseInt(point, 16)
  if (number > 0x10ffff) return null
  return { length, text: unit === undefined ? String.fromCodePoint(number) : String.fromCharCode(number) }
}

/** Adds what bytes in UTF-8 say; each of its characters stands for all of the bytes' text that it came from. */
function addBytes(view: View, bytes: { value: number; from: number; to: number }[]): void {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]
    if (first === undefined) return
    const length = first.value >= 0xf0 ? 4 : first.value >= 0xe0 ? 3 : first.value >= 0xc0 ? 2 : 1
    const sequence = bytes.slice(at, at + length)
    const text = Buffer.from(sequence.map(byte => byte.value)).toString('utf8')
    const end = sequence.at(-1)?.to ?? first.to
    for (const unit of text.split('')) add(view, unit.charCodeAt(0), first.from, end)
    at += length
  }
}

function emptyView(size: number): View {
  return { length: 0, codes: new Uint16Array(size), from: new Uint32Array(size), to: new Uint32Array(size) }
}

function add(view: View, code: number, from: number, to: number): void {
  if (isPassedOver(code)) return
  view.codes[view.length] = code
  view.from[view.length] = from
  view.to[view.length] = to
  view.length++
}
