import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DrivenCli } from './cli-fleet.ts'

/** Given to the CLI as its key; must come to light nowhere. */
export const geminiKey = 'a-gemini-key-that-is-a-secret-of-this-test'

export const geminiCli: DrivenCli = {
  title: 'Gemini CLI',
  tool: 'gemini',
  runtime: 'gemini-cli',
  model: 'gemini-2.5-pro',
  atHome(home, mock) {
    const settings = {
      // With an address of its own it would take another way to sign in.
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false, maxAttempts: 1 }
    }
    mkdirSync(join(home, '.gemini'))
    writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings))
    return { GEMINI_API_KEY: geminiKey, GOOGLE_GEMINI_BASE_URL: mock.url }
  }
}
