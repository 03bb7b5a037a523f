import { describe, expect, test } from 'vitest'
import { ansiLines, plainText } from './ansi.ts'

const esc = '\u001b'
const texts = (output: string) => ansiLines(output).map(line => line.map(span => span.text).join(''))

describe('ansiLines', () => {
  test('colours and weight become names, and end where the sequence says', () => {
    const [line] = ansiLines(`${esc}[1;31mFAIL${esc}[0m ok`)
    expect(line).toEqual([
      { text: 'FAIL', colour: 'red', bold: true, dim: false, italic: false, underline: false },
      { text: ' ok', colour: null, bold: false, dim: false, italic: false, underline: false }
    ])
  })

  test('a style reaches over the end of its line', () => {
    expect(ansiLines(`${esc}[32ma\nb`)[1]?.[0]?.colour).toBe('green')
  })

  test.each([
    ['38;5;196', 'red'],
    ['38;5;46', 'green'],
    ['38;5;240', 'black'],
    ['38;2;250;220;20', 'yellow'],
    ['38;2;30;120;220', 'blue'],
    ['38:2:0:200:200', 'cyan'],
    ['95', 'magenta']
  ])('%s is shown as %s', (code, colour) => {
    expect(ansiLines(`${esc}[${code}mx`)[0]?.[0]?.colour).toBe(colour)
  })

  test('a background colour does not swallow the codes behind it', () => {
    expect(ansiLines(`${esc}[48;5;1;32mx`)[0]?.[0]?.colour).toBe('green')
  })

  test('cursor moves, titles and hyperlinks leave only their text', () => {
    expect(
      texts(`${esc}[2K${esc}[1Gdone ${esc}]8;;https://x.test${esc}\\link${esc}]8;;${esc}\\ ${esc}]0;title\u0007end`)
    ).toEqual(['done link end'])
  })

  test('a carriage return overwrites its line', () => {
    expect(texts('10%\r50%\r100%\r\nnext')).toEqual(['100%', 'next'])
  })

  test('other control codes vanish and an unfinished sequence does no harm', () => {
    expect(texts(`a\u0000b\u0007c${esc}[`)).toEqual(['abc'])
    expect(plainText(`${esc}[31mred${esc}[0m`)).toBe('red')
  })
})
