import { app } from 'electron'
import { isLink, pageOfLink } from './deep-link.ts'

/** What others want of the window: to be seen, or to show a page. */
export interface Wishes {
  /** The page that was wished for last, before anybody served; null for none. */
  take(): string | null
  serve(show: (page: string | null) => void): void
}

/** Listens from the first moment: a second start, or a link on macOS, may come while the first one is still starting. */
export function collectWishes(page: string | null): Wishes {
  let wanted = page
  let show: ((page: string | null) => void) | null = null

  function wish(next: string | null): void {
    if (show !== null) show(next)
    else wanted = next ?? wanted
  }

  app.on('second-instance', (_event, argv) => wish(pageIn(argv)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    wish(pageOfLink(url))
  })
  app.on('activate', () => wish(null))
  return {
    take: () => wanted,
    serve(next) {
      show = next
    }
  }
}

function pageIn(argv: readonly string[]): string | null {
  const link = argv.find(isLink)
  return link === undefined ? null : pageOfLink(link)
}
