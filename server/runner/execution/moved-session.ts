import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Assignment } from '#contract/runners/runner-protocol'
import type { Environment } from '../machine/environment.ts'
import type { Files } from '../places/files.ts'
import type { Runtime } from '../runtimes/runtime.ts'

/** Folders that are looked through for a session. */
const mostFolders = 10_000

interface Continued {
  runtime: Pick<Runtime, 'sessions'>
  resume: Assignment['resume']
  /** Where the run works now. */
  folder: string
  env: Environment
  files: Files
}

/**
 * The file of a session that was in another folder: the folder was moved, or this one is a copy of it. A runtime that
 * knows its sessions by their folder has to be told. Null: it is where it is looked for, or nowhere.
 */
export async function movedSession({ runtime, resume, folder, env, files }: Continued): Promise<string | null> {
  const { sessions } = runtime
  if (sessions === null || resume === null || resume.cwd === null || resume.cwd === folder) return null
  const own = env[sessions.own.variable] || join(env.HOME || homedir(), sessions.own.home)
  const all = join(own, sessions.folder)
  for (const name of (await files.list(all)).slice(0, mostFolders)) {
    const file = join(all, name, sessions.file(resume.sessionId))
    if ((await files.look(file))?.kind === 'file') return file
  }
  return null
}
