import { expect, test } from 'vitest'
import { clientWords } from './client-words.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:146.0) Gecko/20100101 Firefox/146.0', 'Firefox 146 on macOS'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/156.0.0.0 Safari/537.36`, 'Chrome 156 on Linux'],
  [`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/156.0.0.0 Safari/537.36 Edg/156.0`, 'Edge 156 on Windows'],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${webkit} flotilla/0.1.0 Chrome/156 Electron/44.1 Safari/537`,
    'Desktop window on Linux'
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.0 Mobile/15E148 Safari/604.1',
    'Safari 20 on iPhone'
  ],
  ['curl/8.14.1', 'curl/8.14.1'],
  ['', 'Unknown program']
])('%s', (client, words) => {
  expect(clientWords(client)).toBe(words)
})
