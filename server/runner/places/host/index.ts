import { join } from 'node:path'
import { Checkpoints } from '../../git/checkpoints.ts'
import { folderMark } from '../../life/folder-mark.ts'
import { Inventory } from '../../machine/inventory.ts'
import type { Place, PlaceSetup } from '../place.ts'
import { stopAgent } from '../stop-ladder.ts'
import { hostFiles } from './files.ts'
import { resolveFolder } from './folder.ts'
import { hostProcesses } from './host-processes.ts'
import { createLaunchLimit } from './launch-limit.ts'

/** This machine, with the rights of whoever runs the runner. */
export function openHost(setup: PlaceSetup): Place {
  const { dataDir, allowedDirs } = setup
  const runtimes = new Inventory(setup)
  const limit = createLaunchLimit()
  return {
    ...hostProcesses(folderMark(dataDir)),
    id: 'host',
    folder: (wish, workspace) => resolveFolder(wish, workspace, { allowedDirs: allowedDirs(), dataDir }),
    runtimes,
    environment: () => runtimes.environment(),
    files: hostFiles,
    checkpoints: new Checkpoints({ environment: () => runtimes.environment(), folder: join(dataDir, 'checkpoints') }),
    turn: signal => limit.enter(signal),
    stop: stopAgent
  }
}
