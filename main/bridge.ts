import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain, shell } from 'electron'
import { noticesChannel, pickFolderChannel, showFolderChannel, signInChannel, tryNoticeChannel } from '#contract/bridge'
import { noticeSettings } from '#contract/notices'
import type { ControlPlaneSource } from './control-plane.ts'
import { isFrom } from './guards.ts'
import { tryNotification } from './notifications.ts'
import type { Settings } from './settings.ts'
import { signIn } from './sign-in.ts'

/** Answers what the preload offers to the page; only our own pages are listened to. */
export function answerBridge(controlPlane: ControlPlaneSource, settings: Settings): void {
  const answer = (channel: string, handler: (event: IpcMainInvokeEvent, sent: unknown) => unknown) =>
    ipcMain.handle(channel, (event, sent: unknown) => {
      const frame = event.senderFrame
      if (!frame || frame.parent || !isFrom(frame.url, controlPlane.current().origin))
        throw new Error('Only pages of Flotilla may ask for this')
      return handler(event, sent)
    })

  answer(pickFolderChannel, async event => {
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!window) return null
    const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] })
    return filePaths[0] ?? null
  })
  answer(showFolderChannel, (_event, path) => typeof path === 'string' && showFolder(path))
  answer(noticesChannel, (_event, change) => {
    const now = settings.get('notices')
    if (typeof change === 'object') settings.set({ notices: noticeSettings.parse({ ...now, ...change }) })
    return settings.get('notices')
  })
  answer(tryNoticeChannel, () => tryNotification(settings.get('notices')))
  answer(signInChannel, () => signIn(controlPlane.current()))
}

/** Points at it: opening would start what a system takes for a program, as macOS does with `.app` folders. */
function showFolder(path: string): boolean {
  if (!isAbsolute(path) || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false
  shell.showItemInFolder(path)
  return true
}
