import { BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { pickFolderChannel, signInChannel } from '#contract/bridge'
import type { ControlPlaneSource } from './control-plane.ts'
import { isFrom } from './guards.ts'
import { signIn } from './sign-in.ts'

/** Answers what the preload offers to the page; only our own pages are listened to. */
export function answerBridge(controlPlane: ControlPlaneSource): void {
  const answer = (channel: string, handler: (event: IpcMainInvokeEvent) => Promise<unknown>) =>
    ipcMain.handle(channel, event => {
      const frame = event.senderFrame
      if (!frame || frame.parent || !isFrom(frame.url, controlPlane.current().origin))
        throw new Error('Only pages of Flotilla may ask for this')
      return handler(event)
    })

  answer(pickFolderChannel, async event => {
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!window) return null
    const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] })
    return filePaths[0] ?? null
  })
  answer(signInChannel, () => signIn(controlPlane.current()))
}
