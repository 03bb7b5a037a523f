// What a sandboxed preload finds, in a world of its own. target.ts puts its source and what the main process says in place.
;(() => {
  if (window.top !== window) return
  const facts = STAND_IN_FACTS
  const pending = new Map()
  const listeners = new Map()
  const apis = {}
  const functions = new Map()
  let lastId = 0
  const toMain = message => standInToMain(JSON.stringify(message))

  globalThis.standInFromMain = message => {
    if (message.type === 'message') {
      for (const listen of [...(listeners.get(message.channel) ?? [])]) listen({ sender: ipcRenderer }, ...message.args)
      return
    }
    const { resolve, reject, channel } = pending.get(message.id)
    pending.delete(message.id)
    if (message.error === undefined) resolve(message.value)
    else reject(new Error(`Error invoking remote method '${channel}': ${message.error}`))
  }

  const ipcRenderer = {
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        pending.set(++lastId, { resolve, reject, channel })
        toMain({ type: 'invoke', id: lastId, channel, args })
      }),
    send: (channel, ...args) => toMain({ type: 'send', channel, args }),
    on(channel, listen) {
      if (!listeners.has(channel)) listeners.set(channel, new Set())
      listeners.get(channel).add(listen)
      return ipcRenderer
    },
    off(channel, listen) {
      listeners.get(channel)?.delete(listen)
      return ipcRenderer
    }
  }

  function shapeOf(value) {
    if (typeof value === 'function') return { kind: 'function' }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return { kind: 'value', value }
    const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]))
    return { kind: 'object', members }
  }

  const contextBridge = {
    exposeInMainWorld(api, value) {
      if (api in apis) throw new Error('Cannot bind an API on top of an existing property on the window object')
      apis[api] = value
      document.dispatchEvent(new CustomEvent('stand-in:expose', { detail: { api, shape: shapeOf(value) } }))
    }
  }

  const received = value =>
    value?.callback === undefined
      ? value
      : (...args) =>
          document.dispatchEvent(new CustomEvent('stand-in:callback', { detail: { callback: value.callback, args } }))

  document.addEventListener('stand-in:call', ({ detail: { id, api, path, args } }) => {
    const answer = (to, detail) => document.dispatchEvent(new CustomEvent(`stand-in:${to}`, { detail }))
    try {
      const target = api === null ? functions.get(path) : path.reduce((part, name) => part[name], apis[api])
      const value = target(...args.map(received))
      if (typeof value?.then === 'function') {
        const promise = `promise-${++lastId}`
        answer(id, { promise })
        value.then(
          result => answer(promise, { value: result }),
          error => answer(promise, { error: String(error?.message ?? error) })
        )
      } else if (typeof value === 'function') {
        const name = `function-${++lastId}`
        functions.set(name, value)
        answer(id, { function: name })
      } else answer(id, { value })
    } catch (error) {
      answer(id, { error: String(error?.message ?? error) })
    }
  })

  document.addEventListener('stand-in:open', ({ detail }) => toMain({ type: 'open', url: detail }))

  // Electron leads nowhere for what is dropped, unless a window asks for it; Chromium opens it.
  for (const name of ['dragover', 'drop']) window.addEventListener(name, event => event.preventDefault())

  // What Chromium tells an embedder and does not tell DevTools.
  let themeColor
  const readTheme = () => {
    const color = document.querySelector('meta[name="theme-color"]')?.content ?? null
    if (color === themeColor) return
    themeColor = color
    toMain({ type: 'theme-color', color })
  }
  document.addEventListener('DOMContentLoaded', () => {
    readTheme()
    new MutationObserver(readTheme).observe(document.head, { subtree: true, childList: true, attributes: true })
  })
  document.addEventListener('contextmenu', event => {
    event.preventDefault()
    const isEditable = event.target.closest('input, textarea, [contenteditable]') !== null
    toMain({ type: 'context-menu', isEditable, selectionText: String(getSelection()) })
  })

  const electron = { ipcRenderer, contextBridge }
  const require = id => {
    if (/^electron(\/renderer|\/common)?$/.test(id)) return electron
    throw new Error(`module not found: ${id}`)
  }
  const process = {
    platform: facts.platform,
    argv: facts.argv,
    env: {},
    versions: facts.versions,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true
  }
  try {
    // biome-ignore lint/correctness/noUnusedFunctionParameters: the preload that comes in here uses them
    ;((require, module, exports, process) => {
      STAND_IN_PRELOAD
    })(require, { exports: {} }, {}, process)
  } catch (error) {
    toMain({ type: 'preload-error', message: String(error.stack ?? error) })
  }
})()
