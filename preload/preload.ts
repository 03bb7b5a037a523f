import { contextBridge, ipcRenderer } from 'electron'
import { appVersionArgument, type Bridge, pickFolderChannel } from '#contract/bridge'

const version = process.argv.find(argument => argument.startsWith(appVersionArgument))

const bridge: Bridge = {
  appVersion: version?.slice(appVersionArgument.length) ?? '',
  pickFolder: () => ipcRenderer.invoke(pickFolderChannel)
}

contextBridge.exposeInMainWorld('flotilla', bridge)
