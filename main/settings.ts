import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import Store from 'electron-store'
import { z } from 'zod'
import { noticeSettings } from '#contract/notices'

/** What the desktop remembers of its user. A value that makes no sense counts as not set. */
const settings = z.object({
  /** Where the window was, and how large. */
  bounds: z
    .object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() })
    .nullable()
    .catch(null),
  maximized: z.boolean().catch(false),
  /** What a quit does with agents at work. */
  onQuit: z.enum(['ask', 'keep', 'stop']).catch('ask'),
  /** Closing the window leaves Flotilla in the tray, where there is one. */
  staysInTray: z.boolean().catch(true),
  /** The user was told once that closing only hides. */
  toldOfTray: z.boolean().catch(false),
  /** What its user is told of by notifications. */
  notices: noticeSettings.catch(() => noticeSettings.parse({}))
})
type SettingValues = z.infer<typeof settings>

export interface Settings {
  get<Name extends keyof SettingValues>(name: Name): SettingValues[Name]
  set(change: Partial<SettingValues>): void
}

const name = 'settings'

/** Opened after `userData` has its place. A file that is no JSON is put beside as `settings.json.bad`, never thrown away. */
export function openSettings(): Settings {
  const store = openStore()
  let values = settings.parse(store.store)
  return {
    get: key => values[key],
    set(change) {
      values = { ...values, ...change }
      try {
        store.set(change)
      } catch (error) {
        // A full or read-only disk: it holds for this time only.
        console.error(`Settings could not be saved: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
}

function openStore(): Store<Record<string, unknown>> {
  try {
    return new Store({ name })
  } catch (error) {
    const file = join(app.getPath('userData'), `${name}.json`)
    console.error(`${file} cannot be read, starting with defaults: ${error instanceof Error ? error.message : error}`)
    renameSync(file, `${file}.bad`)
    return new Store({ name })
  }
}
