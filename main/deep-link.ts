import { deepLinks } from '#contract/deep-links'

export const linkScheme = 'flotilla'

/** Host of a link → the page that it may name. */
const pages: Record<string, string> = deepLinks

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const longestLink = 200

/**
 * The page of `flotilla://run/<id>` or `flotilla://approval/<id>`; null for anything else. Any program and any web page can
 * open such a link, so it leads to a page and never does anything there.
 */
export function pageOfLink(link: string): string | null {
  if (link.length > longestLink || !URL.canParse(link)) return null
  const url = new URL(link)
  const page = Object.hasOwn(pages, url.host) ? pages[url.host] : undefined
  const [id = '', ...more] = url.pathname.slice(1).split('/')
  const plain = url.search === '' && url.hash === '' && url.username === '' && url.port === ''
  if (url.protocol !== `${linkScheme}:` || page === undefined || !plain) return null
  return uuid.test(id) && more.length === 0 ? page.replace(':id', id.toLowerCase()) : null
}

/** Whether an argument is meant as a link to us, be it a good one or not. */
export function isLink(argument: string): boolean {
  return argument.startsWith(`${linkScheme}:`)
}
