import type { Page } from 'playwright-core'
import type { RuntimeReport } from '#contract/runners/runners'

/** Changes what the control plane tells a page: states that are real, but hard to bring about in a test. */
export type Told = (page: Page) => Promise<unknown>

function answerWith(path: string, change: (answer: unknown) => unknown): Told {
  return page =>
    page.route(`**${path}`, async route => {
      const response = await route.fetch()
      await route.fulfill({ response, json: change(await response.json()) })
    })
}

export const failingStore: Told = answerWith('/api/v1/system', answer => ({
  ...(answer as object),
  store: { status: 'failing', detail: 'no space left on the device' }
}))

type Runtime = Pick<RuntimeReport, 'state' | 'version' | 'signedIn' | 'detail'>

/** Every state in which the first run may find Claude Code. */
export const firstRuns: readonly { name: string; says: string; runtime: Runtime }[] = [
  {
    name: 'looking',
    says: 'looking for it',
    runtime: { state: 'looking', version: null, signedIn: 'unknown', detail: null }
  },
  {
    name: 'ready',
    says: '2.1.0, signed in',
    runtime: { state: 'ready', version: '2.1.0', signedIn: 'yes', detail: null }
  },
  {
    name: 'not-signed-in',
    says: '2.1.0, not signed in',
    runtime: {
      state: 'not_signed_in',
      version: '2.1.0',
      signedIn: 'no',
      detail: 'Run `claude` once in a terminal and sign in there.'
    }
  },
  {
    name: 'too-old',
    says: '1.9.3, too old',
    runtime: {
      state: 'too_old',
      version: '1.9.3',
      signedIn: 'yes',
      detail: 'Version 1.9.3 is too old, 2.1.0 is needed: npm install -g @anthropic-ai/claude-code@2'
    }
  },
  {
    name: 'broken',
    says: 'does not start',
    runtime: {
      state: 'broken',
      version: null,
      signedIn: 'unknown',
      detail: '`/usr/local/bin/claude --version` ended with 1'
    }
  },
  {
    name: 'installing',
    says: 'installing',
    runtime: { state: 'installing', version: null, signedIn: 'unknown', detail: 'added 12 packages in 3s' }
  }
]

export function runtimeTold(runtime: Runtime): Told {
  return answerWith('/api/v1/runners', answer => {
    const { data } = answer as { data: { runtimes: RuntimeReport[] }[] }
    const changed = (report: RuntimeReport) => (report.id === 'claude-code' ? { ...report, ...runtime } : report)
    return { data: data.map(runner => ({ ...runner, runtimes: runner.runtimes.map(changed) })) }
  })
}
