import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openHost } from '../../../server/runner/places/host/index.ts'
import type { Place, PlaceKind, PlaceSetup } from '../../../server/runner/places/place.ts'

/** A corner of this machine with folders and an environment of its own. */
function openToy(setup: PlaceSetup): Place {
  const host = openHost(setup)
  const environment = async () => ({ ...(await host.environment()), TOY: 'the toy place' })
  return {
    ...host,
    id: 'toy',
    environment,
    async folder(_, workspace) {
      const folder = join(setup.dataDir, 'toy', workspace)
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'notes.txt'), 'found')
      return folder
    },
    start: async options => host.start({ ...options, env: { ...options.env, ...(await environment()) } })
  }
}

export const toy: PlaceKind = { id: 'toy', open: async setup => openToy(setup) }
