import { type ContextMenuParams, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron'

/** Electron brings no menu of its own for the right button. */
export function offerContextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, params) => {
    const items = contextMenu(params)
    if (items.length > 0) Menu.buildFromTemplate(items).popup()
  })
}

type Params = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>

function contextMenu({ isEditable, selectionText, editFlags }: Params): MenuItemConstructorOptions[] {
  if (!isEditable) return selectionText.trim() === '' ? [] : [{ role: 'copy' }]
  return [
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll }
  ]
}
