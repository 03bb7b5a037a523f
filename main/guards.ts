import { app, session, shell, type WebContents } from 'electron'

/** What the page may ask of the browser: copying text. Reading the clipboard, cameras and the rest stay closed. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write']

/** Keeps every window on the pages of our own control plane. What leads elsewhere opens in the user's browser, or not at all. */
export function guardContents(origin: () => string): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, origin))
  const ours = session.defaultSession
  ours.setPermissionRequestHandler((contents, permission, answer) =>
    answer(isFrom(contents.getURL(), origin()) && allowedPermissions.includes(permission))
  )
  ours.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin) =>
      isFrom(requestingOrigin, origin()) && allowedPermissions.includes(permission)
  )
  ours.setDevicePermissionHandler(() => false)
  ours.on('will-download', (event, item) => {
    if (!isFrom(item.getURL(), origin())) event.preventDefault()
  })
}

function guard(contents: WebContents, origin: () => string): void {
  contents.on('will-navigate', event => {
    if (isFrom(event.url, origin())) return
    event.preventDefault()
    openOutside(event.url)
  })
  contents.on('will-redirect', event => {
    if (!isFrom(event.url, origin())) event.preventDefault()
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
}

/** Also true of a `blob:` that a page of this origin made. */
export function isFrom(url: string, origin: string): boolean {
  return URL.canParse(url) && new URL(url).origin === origin
}

/** Other schemes could start any program on this computer. */
function openOutside(url: string): void {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') void shell.openExternal(url)
}
