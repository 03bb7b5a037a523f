const schemes = new Set(['http:', 'https:', 'mailto:'])

/** An address that may be opened outside, or null for anything that could run or read locally. */
export function outsideLink(href: string | undefined): string | null {
  if (!href) return null
  try {
    const url = new URL(href)
    return schemes.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
