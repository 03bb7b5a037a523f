import { BrowserWindow, dialog, ipcMain } from 'electron'
import { pickFolderChannel } from '#contract/bridge'
import { isFrom } from './guards.ts'

/** Answers what the preload offers to the page; only our own pages are listened to. */
export function answerBridge(origin: string): void {
  ipcMain.handle(pickFolderChannel, async event => {
    if (!isFrom(event.senderFrame?.url ?? '', origin)) throw new Error('Only Flotilla may ask for a folder')
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!window) return null
    const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] })
    return filePaths[0] ?? null
  })
}
