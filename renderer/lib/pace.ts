/** Drawing may hold up the page for this share of the time; the rest belongs to the reader. */
const share = 1 / 25
/** However costly it is, what is shown is never older than this. */
const longestPauseMs = 1000
/** Shorter than a frame. */
const noPauseMs = 16

const works = new Set<() => void>()
let scheduled = false
let timer: ReturnType<typeof setTimeout> | undefined
let readyAt = 0
/** Until when drawing in slices may still go on. */
let drawingUntil = 0

/**
 * Does work together with all other work that was asked for: at most once a frame, and the less often the more it costs
 * with the drawing that follows. A single event shows in the next frame; a thousand a second do not hold up the page.
 */
export function pace(work: () => void): void {
  works.add(work)
  if (!scheduled) schedule()
}

export function unpace(work: () => void): void {
  works.delete(work)
}

/** Says that drawing goes on in slices after its work is done: until `drawn` is called no other work begins. */
export function drawing(): void {
  drawingUntil = performance.now() + longestPauseMs
}

/** Says that what was drawn in slices is in the page, with layout and paint still to come. */
export function drawn(): void {
  if (drawingUntil === 0) return
  const startedAt = performance.now()
  queueMicrotask(() => {
    const held = performance.now() - startedAt
    requestAnimationFrame(() => pauseAfterFrame(performance.now() - held, goOn))
  })
}

function goOn(): void {
  drawingUntil = 0
  if (timer === undefined) return
  clearTimeout(timer)
  schedule()
}

function schedule(): void {
  scheduled = true
  // A window that nobody sees gets no frames.
  const wait = document.hidden ? longestPauseMs : Math.max(readyAt, drawingUntil) - performance.now()
  if (wait < noPauseMs) requestAnimationFrame(doAll)
  else timer = setTimeout(document.hidden ? doAll : () => requestAnimationFrame(doAll), wait)
}

function doAll(): void {
  scheduled = false
  timer = undefined
  const startedAt = performance.now()
  const all = [...works]
  works.clear()
  for (const work of all) work()
  pauseAfterFrame(startedAt)
}

/** For as long as what held up the page since a moment is worth. A task after this frame: by then layout and paint are paid for. */
function pauseAfterFrame(startedAt: number, then?: () => void): void {
  setTimeout(() => {
    const cost = performance.now() - startedAt
    readyAt = Math.max(readyAt, startedAt + Math.min(longestPauseMs, cost / share))
    then?.()
  })
}
