/** Drawing may take this share of the time; the rest belongs to the reader. */
const share = 1 / 25
/** However costly it is, what is shown is never older than this. */
const longestPauseMs = 1000
/** Shorter than a frame. */
const noPauseMs = 16

const works = new Set<() => void>()
let readyAt = 0
let scheduled = false

/**
 * Does work together with all other work that was asked for: at most once a frame, and the less often the more it costs
 * with the drawing that follows. A single event shows in the next frame; a thousand a second do not hold up the page.
 */
export function pace(work: () => void): void {
  works.add(work)
  if (scheduled) return
  scheduled = true
  // A window that nobody sees gets no frames.
  const wait = document.hidden ? longestPauseMs : readyAt - performance.now()
  if (wait < noPauseMs) requestAnimationFrame(doAll)
  else setTimeout(document.hidden ? doAll : () => requestAnimationFrame(doAll), wait)
}

export function unpace(work: () => void): void {
  works.delete(work)
}

function doAll(): void {
  scheduled = false
  const startedAt = performance.now()
  const all = [...works]
  works.clear()
  for (const work of all) work()
  // A task after this frame: by then layout and paint are paid for, too.
  setTimeout(() => {
    const cost = performance.now() - startedAt
    readyAt = startedAt + Math.min(longestPauseMs, cost / share)
  })
}
