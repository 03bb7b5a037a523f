// The half of contextBridge that lies in the page: it is told the shape of an API and offers it. Events of the DOM are
// dispatched synchronously across worlds and their detail is cloned, so no object is shared with the preload.
;(() => {
  if (window.top !== window) return
  const callbacks = new Map()
  let lastId = 0

  function send(value) {
    if (typeof value !== 'function') return value
    callbacks.set(++lastId, value)
    return { callback: lastId }
  }

  function call(api, path, args) {
    const id = `call-${++lastId}`
    let answer
    const hear = event => {
      answer = event.detail
    }
    document.addEventListener(`stand-in:${id}`, hear, { once: true })
    document.dispatchEvent(new CustomEvent('stand-in:call', { detail: { id, api, path, args: args.map(send) } }))
    if (answer === undefined) throw new Error('An object could not be cloned.')
    if (answer.error !== undefined) throw new Error(answer.error)
    if (answer.promise !== undefined) return promised(answer.promise)
    if (answer.function !== undefined) return (...more) => call(null, answer.function, more)
    return answer.value
  }

  function promised(id) {
    return new Promise((resolve, reject) => {
      const settle = ({ detail }) => {
        if (detail.error === undefined) resolve(detail.value)
        else reject(new Error(detail.error))
      }
      document.addEventListener(`stand-in:${id}`, settle, { once: true })
    })
  }

  function build(api, shape, path) {
    if (shape.kind === 'function') return (...args) => call(api, path, args)
    if (shape.kind === 'value') return shape.value
    const members = Object.entries(shape.members).map(([name, member]) => [name, build(api, member, [...path, name])])
    return Object.freeze(Object.fromEntries(members))
  }

  // Electron asks before there is a window. Chromium would make one, and a page whose popup is closed while it begins can hang.
  window.open = (url = 'about:blank') => {
    document.dispatchEvent(new CustomEvent('stand-in:open', { detail: new URL(url, location.href).href }))
    return null
  }

  document.addEventListener('stand-in:expose', ({ detail: { api, shape } }) =>
    Object.defineProperty(window, api, { value: build(api, shape, []), enumerable: true })
  )
  document.addEventListener('stand-in:callback', ({ detail: { callback, args } }) => callbacks.get(callback)?.(...args))
})()
