import { contextBridge, ipcRenderer } from 'electron'
import {
  appVersionArgument,
  type Bridge,
  noticesChannel,
  openPageChannel,
  pickFolderChannel,
  showFolderChannel,
  signInChannel,
  tryNoticeChannel
} from '#contract/bridge'

const version = process.argv.find(argument => argument.startsWith(appVersionArgument))

let listener: ((path: string) => void) | null = null
/** A page that was asked for before the UI listened. */
let wanted: string | null = null

ipcRenderer.on(openPageChannel, (_event, path: string) => {
  wanted = path
  deliver()
})

function deliver(): void {
  if (listener === null || wanted === null) return
  const path = wanted
  wanted = null
  listener(path)
}

const bridge: Bridge = {
  appVersion: version?.slice(appVersionArgument.length) ?? '',
  pickFolder: () => ipcRenderer.invoke(pickFolderChannel),
  showFolder: path => ipcRenderer.invoke(showFolderChannel, path),
  signIn: () => ipcRenderer.invoke(signInChannel),
  notices: change => ipcRenderer.invoke(noticesChannel, change),
  tryNotice: () => ipcRenderer.invoke(tryNoticeChannel),
  onOpenPage(listen) {
    listener = listen
    deliver()
    return () => {
      if (listener === listen) listener = null
    }
  }
}

contextBridge.exposeInMainWorld('flotilla', bridge)
