/* What runs in the page: nothing between page and bench is measured. It is plain JavaScript, since the bench is no browser program. */

/** Watches the page for a while. */
globalThis.feel = async time => {
  const frames = []
  const tasks = []
  let nodes = 0
  const observer = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) tasks.push(entry.duration)
  })
  observer.observe({ type: 'longtask' })
  const count = setInterval(() => {
    nodes = Math.max(nodes, document.querySelectorAll('[role="log"] *').length)
  }, 250)
  const end = performance.now() + time
  let last = await new Promise(requestAnimationFrame)
  while (last < end) {
    const now = await new Promise(requestAnimationFrame)
    frames.push(now - last)
    last = now
  }
  clearInterval(count)
  observer.disconnect()
  return { frames: frames.sort((a, b) => a - b), longestTask: Math.max(0, ...tasks), nodes }
}

/** Time since the navigation at which the last entry of an ended run is drawn in view. */
globalThis.endShown = runId =>
  new Promise(resolve => {
    const look = () => {
      const end = document.querySelector(`[data-entry="${runId}:end"]`)
      if (end && end.getBoundingClientRect().bottom <= innerHeight) resolve(performance.now())
      else requestAnimationFrame(look)
    }
    look()
  })

/** From the key until what it opens is drawn, in ms; what was open is closed first. */
globalThis.openPalette = async () => {
  document.querySelector('dialog[open]')?.close()
  await new Promise(resolve => setTimeout(resolve, 300))
  const start = performance.now()
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }))
  return untilDrawn(start, () => document.querySelector('dialog[open] [role="option"]'))
}

/** The same for a dialog with nothing in it. */
globalThis.openNothing = async () => {
  const dialog = document.createElement('dialog')
  document.body.append(dialog)
  await new Promise(resolve => setTimeout(resolve, 300))
  const start = performance.now()
  dialog.showModal()
  const took = await untilDrawn(start, () => dialog)
  dialog.remove()
  return took
}

async function untilDrawn(start, find) {
  while (!find()) await new Promise(requestAnimationFrame)
  // The frame after the one that draws it.
  await new Promise(requestAnimationFrame)
  return performance.now() - start
}

/** Reads upwards at a steady pace for a while, a step in each frame, and watches. */
globalThis.feelReading = async (time, step) => {
  const log = document.querySelector('[role="log"]')
  let reading = true
  const read = () => {
    log?.scrollBy(0, -step)
    if (reading) requestAnimationFrame(read)
  }
  read()
  const felt = await globalThis.feel(time)
  reading = false
  return felt
}

/** From the last letter until all was searched and the count of hits is drawn, in ms. */
globalThis.searchRun = async words => {
  const field = document.querySelector('search input')
  const write = text => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  write('')
  await new Promise(resolve => setTimeout(resolve, 300))
  const start = performance.now()
  write(words)
  return untilDrawn(start, () => /^[\d,]+$/.test(document.querySelector('search output')?.textContent ?? ''))
}
