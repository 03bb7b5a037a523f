import { type Mutation, desktop as spec } from './mutation.ts'

export const desktop: readonly Mutation[] = [
  {
    name: 'pages may lead anywhere',
    file: 'main/guards.ts',
    find: `    if (isFrom(event.url, origin())) return
    event.preventDefault()`,
    replace: '    if (isFrom(event.url, origin())) return',
    noticedBy: spec('window')
  },
  {
    name: 'redirects may lead anywhere',
    file: 'main/guards.ts',
    find: 'if (!isFrom(event.url, origin())) event.preventDefault()',
    replace: 'void event',
    noticedBy: spec('window')
  },
  {
    name: 'pages may open windows',
    file: 'main/guards.ts',
    find: `return { action: 'deny' }`,
    replace: `return { action: 'allow' }`,
    noticedBy: spec('window')
  },
  {
    name: 'any scheme opens outside',
    file: 'main/guards.ts',
    find: `URL.canParse(url) && new URL(url).protocol === 'https:'`,
    replace: 'URL.canParse(url)',
    noticedBy: spec('window')
  },
  {
    name: 'every permission is granted',
    file: 'main/guards.ts',
    find: 'answer(isFrom(contents.getURL(), origin()) && allowedPermissions.includes(permission))',
    replace: 'answer(Boolean(contents) && Boolean(permission))',
    noticedBy: spec('window')
  },
  {
    name: 'copying is not permitted',
    file: 'main/guards.ts',
    find: `['clipboard-sanitized-write']`,
    replace: '[]',
    noticedBy: spec('window')
  },
  {
    name: 'anything may be downloaded',
    file: 'main/guards.ts',
    find: 'if (!isFrom(item.getURL(), origin())) event.preventDefault()',
    replace: 'void [event, item]',
    noticedBy: spec('window')
  },
  {
    name: 'the bridge answers every page',
    file: 'main/bridge.ts',
    find: 'if (!frame || frame.parent || !isFrom(frame.url, controlPlane.current().origin))',
    replace: 'if (!frame)',
    noticedBy: spec('window')
  },
  {
    name: 'the preload hands out ipcRenderer',
    file: 'preload/preload.ts',
    find: `contextBridge.exposeInMainWorld('flotilla', bridge)`,
    replace: `contextBridge.exposeInMainWorld('flotilla', { ...bridge, invoke: ipcRenderer.invoke })`,
    noticedBy: spec('window')
  },
  {
    name: 'the preload reads files',
    file: 'preload/preload.ts',
    find: 'const version = process.argv',
    replace: `require('node:fs')\nconst version = process.argv`,
    noticedBy: spec('window')
  },
  {
    name: 'pages get Node',
    file: 'main/window.ts',
    find: 'nodeIntegration: false',
    replace: 'nodeIntegration: true',
    noticedBy: spec('window')
  },
  {
    name: 'pages share their world with the preload',
    file: 'main/window.ts',
    find: 'contextIsolation: true',
    replace: 'contextIsolation: false',
    noticedBy: spec('window')
  },
  {
    name: 'pages leave the sandbox',
    file: 'main/window.ts',
    find: 'sandbox: true',
    replace: 'sandbox: false',
    noticedBy: spec('window')
  },
  {
    name: 'dropped files are opened',
    file: 'main/window.ts',
    find: 'navigateOnDragDrop: false',
    replace: 'navigateOnDragDrop: true',
    noticedBy: spec('window')
  },
  {
    name: 'scripts read the session',
    file: 'main/sign-in.ts',
    find: 'httpOnly: true',
    replace: 'httpOnly: false',
    noticedBy: spec('window')
  },
  {
    name: 'other sites send the session along',
    file: 'main/sign-in.ts',
    find: `sameSite: 'strict'`,
    replace: `sameSite: 'lax'`,
    noticedBy: spec('window')
  },
  {
    name: 'the session is written to the disk',
    file: 'main/sign-in.ts',
    find: 'httpOnly: true,',
    replace: 'httpOnly: true,\n    expirationDate: Date.now() / 1000 + 86_400,',
    noticedBy: spec('window')
  },
  {
    name: 'links may name anything',
    file: 'main/deep-link.ts',
    find: `return uuid.test(id) && more.length === 0 ? page.replace(':id', id.toLowerCase()) : null`,
    replace: `return uuid.test(id) || more.length >= 0 ? page.replace(':id', id) : null`,
    noticedBy: spec('window')
  },
  {
    name: 'links from a second start are lost',
    file: 'main/wishes.ts',
    find: 'wish(pageIn(argv))',
    replace: 'wish(pageIn(argv.slice(0, 0)))',
    noticedBy: spec('window')
  },
  {
    name: 'two desktops on one folder',
    file: 'main/desktop.ts',
    find: 'if (!app.requestSingleInstanceLock()) {',
    replace: 'if (app.isReady()) {',
    noticedBy: spec('start')
  },
  {
    name: 'wishes are heard only after the start',
    file: 'main/wishes.ts',
    find: 'else wanted = next ?? wanted',
    replace: 'else wanted = page',
    noticedBy: spec('start')
  },
  {
    name: 'switches of Chromium are refused',
    file: 'main/arguments.ts',
    find: 'given.filter(argument => !isChromiumSwitch(argument) && !isLink(argument)',
    replace: 'given.filter(argument => !(isChromiumSwitch(argument) && isLink(argument)) && !isLink(argument)',
    noticedBy: spec('start')
  },
  {
    name: 'unknown options are swallowed',
    file: 'main/chromium-switches.ts',
    find: 'return families.test(argument)',
    replace: `return argument.startsWith('--pro') || families.test(argument)`,
    noticedBy: spec('start')
  },
  {
    name: 'settings that are no JSON end the start',
    file: 'main/settings.ts',
    find: `    renameSync(file, \`\${file}.bad\`)`,
    replace: '    if (file) throw error\n    renameSync(file, file)',
    noticedBy: spec('start')
  },
  {
    name: 'the control plane of the folder is not looked for',
    file: 'main/control-plane.ts',
    find: 'if (error.owner && (await answers(error.owner))) return adopt(error.owner)',
    replace: 'if (error.owner && !(await answers(error.owner))) return adopt(error.owner)',
    noticedBy: spec('start')
  },
  {
    name: 'a page that does not answer stays blank',
    file: 'main/trouble.ts',
    find: `if (isMainFrame && code !== aborted && !url.startsWith('data:'))`,
    replace: `if (isMainFrame && code === aborted && !url.startsWith('data:'))`,
    noticedBy: spec('start')
  },
  {
    name: 'a page that crashes is loaded for ever',
    file: 'main/trouble.ts',
    find: 'const again = Date.now() - crashedAt < crashWindowMs',
    replace: 'const again = Date.now() - crashedAt > crashWindowMs * 1e9 && crashedAt > 0',
    noticedBy: spec('start')
  },
  {
    name: 'a window hides where no tray is',
    file: 'main/presence.ts',
    find: 'if (!tray || !settings.get',
    replace: 'if (!settings.get',
    noticedBy: spec('quit')
  },
  {
    name: 'quitting does not ask',
    file: 'main/quit.ts',
    find: `return settled === 'ask' ? ask(settings) : settled`,
    replace: `return settled === 'ask' ? 'keep' : settled`,
    noticedBy: spec('quit')
  },
  {
    name: 'agents go on although they should stop',
    file: 'main/quit.ts',
    find: `stopAgents: agents === 'stop'`,
    replace: 'stopAgents: agents === null',
    noticedBy: spec('quit')
  },
  {
    name: 'the answer is not remembered',
    file: 'main/quit.ts',
    find: 'if (checkboxChecked && agents !== null)',
    replace: 'if (!checkboxChecked && agents !== null)',
    noticedBy: spec('quit')
  },
  {
    name: 'notifications come of what is looked at',
    file: 'server/contract/telling.ts',
    find: 'page === null || !seenOn.includes(page)',
    replace: 'page === null || seenOn.length > 0',
    noticedBy: spec('tray')
  },
  {
    name: 'notifications stay when somebody answered',
    file: 'server/contract/telling.ts',
    find: 'teller.withdraw(settled)',
    replace: 'void settled',
    noticedBy: spec('tray')
  },
  {
    name: 'a hundred notifications at once',
    file: 'server/contract/telling.ts',
    find: 'unseen.length > mostAtOnce',
    replace: 'unseen.length > mostAtOnce * 100',
    noticedBy: spec('tray')
  }
]
