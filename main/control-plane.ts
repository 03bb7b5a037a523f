import { setTimeout as sleep } from 'node:timers/promises'
import { getMe } from '#contract/people/login'
import { startControlPlane } from '../server/app.ts'
import type { Config } from '../server/config.ts'
import { FolderHeldError } from '../server/store/data-folder.ts'
import { type Address, clientAt } from './client.ts'

/** The control plane that this desktop shows. */
export interface JoinedControlPlane extends Address {
  origin: string
  /** Whether it lives in this process; one that was here before is left as it is. */
  own: boolean
  close(options: { stopAgents: boolean }): Promise<void>
}

/** The control plane of the moment. A new one is joined when the old one is gone. */
export interface ControlPlaneSource {
  current(): JoinedControlPlane
  rejoin(): Promise<JoinedControlPlane>
}

/** How long another one on the same folder may take to start or to end. */
const patienceMs = 20_000
const pauseMs = 250

export async function openControlPlane(config: Config): Promise<ControlPlaneSource> {
  let current = await join(config)
  let joining: Promise<JoinedControlPlane> | null = null
  return {
    current: () => current,
    rejoin() {
      joining ??= (async () => {
        // Our own one lives as long as this process does.
        if (!current.own && !(await answers(current))) current = await join(config)
        return current
      })().finally(() => {
        joining = null
      })
      return joining
    }
  }
}

/** Starts the control plane in this process; when one lives on the data folder already, that one is joined. */
async function join(config: Config): Promise<JoinedControlPlane> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await startOwn(config)
    } catch (error) {
      if (!(error instanceof FolderHeldError)) throw error
      // What it wrote about itself may be old, or not there yet: then it is still starting, or just ending.
      if (error.owner && (await answers(error.owner))) return adopt(error.owner)
      if (Date.now() > deadline) throw error
    }
    await sleep(pauseMs)
  }
}

async function startOwn(config: Config): Promise<JoinedControlPlane> {
  const own = await startControlPlane(config)
  return {
    url: own.url,
    ownerToken: own.ownerToken,
    origin: new URL(own.url).origin,
    own: true,
    close: options => own.close(options)
  }
}

function adopt({ url, ownerToken }: Address): JoinedControlPlane {
  return { url, ownerToken, origin: new URL(url).origin, own: false, close: async () => undefined }
}

async function answers(address: Address): Promise<boolean> {
  try {
    return (await clientAt(address)(getMe)).kind === 'owner'
  } catch {
    return false
  }
}
