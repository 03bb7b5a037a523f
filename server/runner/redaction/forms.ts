import { significant } from '#contract/fleet/handed-values'
import { type Form, shortestPiece } from './pieces.ts'
import { isPlain } from './plain.ts'

/** Columns after which tools begin a new line of base64. */
const columns = [64, 76]
const armour = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/
const armourLead = /^-----BEGIN[A-Z0-9]+-----/
/** The head of a token says only how it is signed, and is the same in many. */
const jwtHead = /^eyJ[\w-]*\./

/** All the ways in which a value is written out that a {@link View} does not make the same. */
export function formsOf(name: string, value: string): Form[] {
  const texts = [...spellings(value), ...lines(value).flatMap(spellings), ...inBase64(value)]
  const forms = new Map<string, Form>()
  for (const text of texts.map(significant))
    if (text.length >= shortestPiece && !forms.has(text)) forms.set(text, { text, name, lead: leadOf(text) })
  return [...forms.values()]
}

/** As it is, quoted as in JSON (which is the same however often it was done), and with `+` for blanks as in a form. */
function spellings(value: string): string[] {
  const quoted = (text: string) => JSON.stringify(text).slice(1, -1)
  return [value, quoted(value), quoted(value.replace(/\r?\n/g, '\r\n')), value.trim().replace(/ /g, '+')]
}

/** What tells something by itself of the lines of a value; the first and the last line of a key do not. */
function lines(value: string): string[] {
  const all = value.split(/[\r\n]+/).map(line => line.trim())
  return all.length < 2 ? [] : all.filter(line => !armour.test(line) && !isPlain(line))
}

function inBase64(value: string): string[] {
  const bytes = Buffer.from(value.trim())
  if (bytes.length < 6) return []
  const texts = [0, 1, 2].map(before => aligned(bytes, before))
  const wrapped = [bytes.toString('base64'), Buffer.from(`${value.trim()}\n`).toString('base64')]
  const all = [...texts, ...wrapped, ...wrapped.flatMap(lastLines)]
  return [...all, ...all.map(text => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))]
}

/** What in base64 depends on the bytes alone, when so many others stand before them and any after them. */
function aligned(bytes: Buffer, before: number): string {
  const all = Buffer.concat([Buffer.alloc(before), bytes])
  const text = all.toString('base64')
  return text.slice(Math.ceil((before * 8) / 6), Math.floor((all.length * 8) / 6))
}

/** The end of it where it is wrapped: too little to be told from other text by a part of it. */
function lastLines(text: string): string[] {
  return columns
    .filter(column => text.length > column)
    .map(column => text.slice(Math.floor(text.length / column) * column))
}

function leadOf(text: string): number {
  return (armourLead.exec(text) ?? jwtHead.exec(text))?.[0].length ?? 0
}
