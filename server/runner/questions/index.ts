import { look } from '../checks/look.ts'
import { tryCommand } from '../checks/try-command.ts'
import { listFiles } from '../files/list-files.ts'
import { putFilesBack, tellChanges, tellHunks } from '../git/answers.ts'
import { checkMcp } from '../mcp/check-mcp.ts'
import type { Place } from '../places/place.ts'
import type { Answerers } from './questions.ts'

/** Every question that a runner can be asked: a new one is an entry of the contract and a line here. */
export function createAnswerers(place: Place): Answerers {
  return {
    checkMcp: checkMcp(place),
    listFiles: listFiles(place),
    look: look(place),
    changes: tellChanges(place),
    hunks: tellHunks(place),
    putBack: putFilesBack(place),
    tryCommand: tryCommand(place)
  }
}
