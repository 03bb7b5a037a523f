import { expect, test } from 'vitest'
import { outsideLink } from './links.ts'

test.each([
  ['https://example.com/a', 'https://example.com/a'],
  ['mailto:ada@example.com', 'mailto:ada@example.com'],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['file:///etc/passwd', null],
  ['/api/v1/runs', null],
  ['', null],
  [undefined, null]
])('%s opens as %s', (href, opened) => expect(outsideLink(href)).toBe(opened))
