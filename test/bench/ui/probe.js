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
  press('k', { ctrlKey: true })
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

function press(key, more = {}) {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
}

/** From the letter until each of these is drawn and nothing stands in for what is still to come, in ms. */
globalThis.goTo = async (letter, whole) => {
  await new Promise(resolve => setTimeout(resolve, 300))
  const start = performance.now()
  press('g')
  press(letter)
  const found = () =>
    whole.every(selector => document.querySelector(selector)) && !document.querySelector('main [class*="skeleton"]')
  return untilDrawn(start, found)
}

/** As if typed: React reads the value by the event. */
function write(field, text) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Types letter by letter; from each until the first entry shows in bold all that was typed. The slowest one, in ms. */
globalThis.typeInPalette = async words => {
  const field = document.querySelector('dialog[open] input')
  const bold = () => document.querySelector('dialog[open] [role="option"] b')?.textContent.toLowerCase()
  let slowest = 0
  for (let length = 1; length <= words.length; length++) {
    // As fast as one types; the server is asked in between.
    await new Promise(resolve => setTimeout(resolve, 200))
    const start = performance.now()
    write(field, words.slice(0, length))
    slowest = Math.max(slowest, await untilDrawn(start, () => bold() === words.slice(0, length)))
  }
  return slowest
}

/** From the last letter until all was searched and the count of hits is drawn, in ms. */
globalThis.searchRun = async words => {
  const field = document.querySelector('search input')
  write(field, '')
  await new Promise(resolve => setTimeout(resolve, 300))
  const start = performance.now()
  write(field, words)
  return untilDrawn(start, () => /^[\d,]+$/.test(document.querySelector('search output')?.textContent ?? ''))
}
