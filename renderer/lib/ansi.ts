/** A run of terminal text in one style. Colours are names of our palette, never values. */
export interface AnsiSpan {
  text: string
  colour: AnsiColour | null
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
}

const ansiColours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
type AnsiColour = (typeof ansiColours)[number]

type Style = Omit<AnsiSpan, 'text'>

const plain: Style = { colour: null, bold: false, dim: false, italic: false, underline: false }

// Every escape sequence a terminal would swallow: CSI, OSC (ended by BEL or ST), and the two-character ones.
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal output is made of them
const sequence = /\u001b\[([0-9:;<=>?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is left of them must not reach the page
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** Lines of terminal output, each as styled spans. A carriage return overwrites its line, as a progress bar means it. */
export function ansiLines(output: string): AnsiSpan[][] {
  let style = plain
  return output.split(/\r?\n/).map(line => {
    const spans: AnsiSpan[] = []
    const push = (text: string) => {
      const clean = text.replace(control, '')
      if (clean) spans.push({ text: clean, ...style })
    }
    const shown = line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1)
    let from = 0
    for (const match of shown.matchAll(sequence)) {
      push(shown.slice(from, match.index))
      from = match.index + match[0].length
      if (match[2] === 'm') style = restyle(style, match[1] ?? '')
    }
    push(shown.slice(from))
    return spans
  })
}

export function plainText(output: string): string {
  return output.replace(sequence, '').replace(control, '')
}

function restyle(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number)
  let next = style
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(i + 1))
      if (code === 38) next = { ...next, colour }
      i += used
    } else next = one(next, code)
  }
  return next
}

function one(style: Style, code: number): Style {
  if (code >= 30 && code <= 37) return { ...style, colour: ansiColours[code - 30] ?? null }
  if (code >= 90 && code <= 97) return { ...style, colour: ansiColours[code - 90] ?? null }
  switch (code) {
    case 0:
      return plain
    case 1:
      return { ...style, bold: true }
    case 2:
      return { ...style, dim: true }
    case 3:
      return { ...style, italic: true }
    case 4:
      return { ...style, underline: true }
    case 22:
      return { ...style, bold: false, dim: false }
    case 23:
      return { ...style, italic: false }
    case 24:
      return { ...style, underline: false }
    case 39:
      return { ...style, colour: null }
    default:
      return style
  }
}

/** 256 colours and true colour become the nearest of the eight. Also how many parameters were used. */
function extended(codes: number[]): [AnsiColour | null, number] {
  if (codes[0] === 2) return [nearest(codes[1] ?? 0, codes[2] ?? 0, codes[3] ?? 0), 4]
  if (codes[0] !== 5) return [null, 0]
  const n = codes[1] ?? 0
  if (n < 16) return [ansiColours[n % 8] ?? null, 2]
  if (n >= 232) return [n < 244 ? 'black' : 'white', 2]
  const cube = n - 16
  return [nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51), 2]
}

function nearest(r: number, g: number, b: number): AnsiColour {
  const strongest = Math.max(r, g, b)
  const weakest = Math.min(r, g, b)
  if (strongest - weakest < 40) return strongest < 128 ? 'black' : 'white'
  const middle = (strongest + weakest) / 2
  const bits = (r > middle ? 1 : 0) + (g > middle ? 2 : 0) + (b > middle ? 4 : 0)
  return ansiColours[bits] ?? 'white'
}
