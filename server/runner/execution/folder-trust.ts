import { basename } from 'node:path'
import type { Environment } from '../machine/environment.ts'
import type { NewItem } from '../outbox/leaving-item.ts'
import type { Files } from '../places/files.ts'
import { type Answer, type Runtime, systemEvent } from '../runtimes/runtime.ts'
import { type FolderContent, readFolderContent } from './folder-content.ts'

export interface FolderTrustOptions {
  runtime: Pick<Runtime, 'id' | 'folderSettings'>
  /** Where the folder lies. */
  files: Files
  folder: string
  env: Environment
  push(item: NewItem): void
  stopped: AbortSignal
}

/** Asks, before anything is started, whether what lies in a folder and acts by itself may do so. */
export class FolderTrust {
  private readonly answers = new Map<string, (allowed: boolean) => void>()
  /** For a control plane that forgot what it was asked. */
  askAgain: () => void = () => {}

  /** Whether the folder's own settings may take effect. Rejects when the run is stopped meanwhile. */
  async ask({ runtime, files, folder, env, push, stopped }: FolderTrustOptions): Promise<boolean> {
    if (runtime.folderSettings === null) return true
    for (;;) {
      const found = await readFolderContent(files, folder, runtime.folderSettings, env)
      if (found.acts.length === 0 && found.content !== null) return true
      if (found.content === null) {
        push(withoutItem('They are more than can be shown to a person.'))
        return false
      }
      const key = `trust-${found.content}`
      this.askAgain = () => push(requestOf(key, found, runtime, folder))
      this.askAgain()
      const allowed = await this.answerTo(key, stopped).finally(() => {
        this.askAgain = () => {}
      })
      if (!allowed) return false
      // The answer may have taken days: what was trusted is this content and no other.
      const now = await readFolderContent(files, folder, runtime.folderSettings, env)
      if (now.content === found.content) return true
    }
  }

  answer({ key, allow }: Answer): void {
    this.answers.get(key)?.(allow)
  }

  private async answerTo(key: string, stopped: AbortSignal): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    const stop = () => reject(stopped.reason)
    this.answers.set(key, resolve)
    stopped.addEventListener('abort', stop, { once: true })
    if (stopped.aborted) stop()
    try {
      return await promise
    } finally {
      this.answers.delete(key)
      stopped.removeEventListener('abort', stop)
    }
  }
}

function requestOf(
  key: string,
  { acts, files, content }: FolderContent,
  { id }: FolderTrustOptions['runtime'],
  folder: string
): NewItem {
  return {
    type: 'approval',
    ts: new Date().toISOString(),
    key,
    kind: 'trust',
    tool: id,
    toolUseId: null,
    title: `found settings in ${named(folder)} that act by themselves`,
    subject: folder,
    input: { folder, runtime: id, content, acts, files },
    reason: null
  }
}

/** A private folder bears a number that says nothing. */
function named(folder: string): string {
  const name = basename(folder)
  return /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/.test(name) ? 'its private folder' : name || folder
}

function withoutItem(why: string): NewItem {
  const event = systemEvent('folder-settings', `Goes on without the settings of this folder. ${why}`)
  return { ...event, ts: new Date().toISOString() } as NewItem
}
