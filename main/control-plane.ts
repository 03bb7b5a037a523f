import { createLoginLink } from '#contract/session'
import { startControlPlane } from '../server/app.ts'
import type { Config } from '../server/config.ts'
import { DataFolderError } from '../server/store/data-folder.ts'

/** The control plane that this desktop shows. */
export interface JoinedControlPlane {
  origin: string
  /** Makes a link that signs one window in. */
  loginLink(): Promise<string>
  /** Stops it if it is ours. */
  close(): Promise<void>
}

/** Starts the control plane in this process; when one lives on the data folder already, its window is opened instead. */
export async function joinControlPlane(config: Config): Promise<JoinedControlPlane> {
  try {
    const own = await startControlPlane(config)
    return { origin: new URL(own.url).origin, loginLink: async () => own.loginLink(), close: () => own.close() }
  } catch (error) {
    if (!(error instanceof DataFolderError) || !error.owner) throw error
    const { url, ownerToken } = error.owner
    return {
      origin: new URL(url).origin,
      loginLink: () => askForLoginLink(url, ownerToken),
      close: async () => undefined
    }
  }
}

async function askForLoginLink(url: string, ownerToken: string): Promise<string> {
  const answer = await fetch(url + createLoginLink.path, {
    method: createLoginLink.method,
    headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
    body: '{}'
  })
  if (!answer.ok) throw new Error(`The control plane at ${url} refused a login link (${answer.status})`)
  return createLoginLink.output.parse(await answer.json()).url
}
