import type { WebContents } from 'electron'

/** A navigation that was replaced by another one; not a failure. */
const aborted = -3
/** A renderer that crashes twice within this time is not tried a third time. */
const crashWindowMs = 60_000

/**
 * Pages for when there is none: the control plane does not answer, or the page keeps crashing. Their only link asks to try again.
 */
export function showTrouble(contents: WebContents, origin: () => string, tryAgain: () => Promise<void>): void {
  let crashedAt = Number.NEGATIVE_INFINITY

  contents.on('did-fail-load', (_event, code, _description, url, isMainFrame) => {
    if (isMainFrame && code !== aborted && !url.startsWith('data:'))
      say('Flotilla stopped answering', `Nothing answers at ${origin()}. Agents that were working keep working.`)
  })
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const again = Date.now() - crashedAt < crashWindowMs
    crashedAt = Date.now()
    console.error(`The page ended: ${reason}`)
    if (again) say('This window crashed twice', 'Flotilla itself and its agents go on working.')
    else contents.reload()
  })
  contents.on('will-navigate', event => {
    if (!contents.getURL().startsWith('data:')) return
    event.preventDefault()
    tryAgain().catch(error => say('Flotilla cannot start', error instanceof Error ? error.message : String(error)))
  })

  function say(title: string, words: string): void {
    contents.loadURL(troublePage(title, words, origin())).catch(error => console.error(error.message))
  }
}

/** A page of its own, since nothing can be served. It has no script, and its link leads to the guard above. */
function troublePage(title: string, words: string, origin: string): string {
  const html = `<!doctype html><meta charset="utf-8"><title>${asText(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
  :root { color-scheme: light dark; font: 14px/22px system-ui, sans-serif }
  body { margin: 0; height: 100vh; display: grid; place-content: center; app-region: drag;
    background: light-dark(#fbfbfa, #111517); color: light-dark(#15191b, #e9eced) }
  main { width: 420px; padding: 20px; app-region: no-drag }
  h1 { font-size: 20px; line-height: 26px; margin: 0 0 8px }
  a { display: inline-block; margin-top: 8px; padding: 4px 12px; border-radius: 5px; text-decoration: none;
    background: light-dark(#15191b, #e9eced); color: light-dark(#ffffff, #111517) }
</style>
<main><h1>${asText(title)}</h1><p>${asText(words)}</p><a href="${asText(origin)}/">Try again</a></main>`
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`
}

function asText(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
