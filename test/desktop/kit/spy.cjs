// Loaded before the app, by `-r`. It writes down what the app tells the system and nobody could see in a test, in real Electron as
// in its stand-in.
const { app, BrowserWindow, dialog, Menu, Notification, powerSaveBlocker, shell, Tray } = require('electron')

const seen = {
  trayMenu: null,
  trayTip: '',
  overlay: null,
  badge: 0,
  awake: false,
  notifications: [],
  opened: [],
  popups: [],
  questions: [],
  answer: { response: 2, checkboxChecked: false },
  folder: { canceled: true, filePaths: [] }
}
globalThis.flotillaSeen = seen

function watch(target, name, note) {
  const original = target[name]
  target[name] = function (...args) {
    note(this, args)
    return original.apply(this, args)
  }
}

watch(Tray.prototype, 'setContextMenu', (_tray, [menu]) => {
  seen.trayMenu = menu
})
watch(Tray.prototype, 'setToolTip', (_tray, [tip]) => {
  seen.trayTip = tip
})
watch(Notification.prototype, 'show', notification => seen.notifications.push(notification))
watch(Notification.prototype, 'close', notification => {
  notification.withdrawn = true
})
watch(Menu.prototype, 'popup', menu => seen.popups.push(menu))
watch(BrowserWindow.prototype, 'setTitleBarOverlay', (_window, [overlay]) => {
  seen.overlay = overlay
})
watch(app, 'setBadgeCount', (_app, [count]) => {
  seen.badge = count
})
watch(powerSaveBlocker, 'start', () => {
  seen.awake = true
})
watch(powerSaveBlocker, 'stop', () => {
  seen.awake = false
})
// Nothing of the machine may open.
shell.openExternal = async url => void seen.opened.push(url)
shell.openPath = async path => {
  seen.opened.push(path)
  return ''
}
shell.showItemInFolder = path => void seen.opened.push(`shown: ${path}`)
dialog.showMessageBox = async (...args) => {
  seen.questions.push(args.at(-1).message)
  return seen.answer
}
dialog.showErrorBox = (title, content) => console.error(`${title}: ${content}`)
dialog.showOpenDialog = async () => seen.folder
