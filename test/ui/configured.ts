import type { Page } from 'playwright-core'
import { createAgent } from '#contract/fleet/agents'
import { createMcp } from '#contract/fleet/mcps'
import { setSecret } from '#contract/fleet/secrets'
import { createKey } from '#contract/people/keys'
import { listRunners } from '#contract/runners/runners'
import { addPerson } from '../kit/people.ts'
import { connectRunner, report } from '../kit/runner-client.ts'
import type { App } from '../kit/start-app.ts'

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

/** Runners, MCP servers, keys and people, as somebody would have set them up. */
export async function configureFleet(app: App): Promise<void> {
  const runtimes = [
    report('claude-code', { title: 'Claude Code', version: '2.1.197' }),
    report('codex', { title: 'Codex', version: '0.98.0', state: 'not_signed_in', signedIn: 'no' }),
    report('gemini', { title: 'Gemini CLI', state: 'missing', version: null, path: null })
  ]
  const dirs = ['infra', 'search-index', 'web', 'shop', 'docs'].map(name => `/home/ci/code/${name}`)
  await connectRunner(app, {
    name: 'build-box',
    runtimes,
    allowedDirs: dirs,
    capacity: 6,
    labels: ['gpu', 'region:eu']
  })
  const gone = await connectRunner(app, { name: 'studio-mini', runtimes, allowedDirs: ['/srv/warehouse'], capacity: 4 })
  await gone.leave()
  await app.call(setSecret, { body: { key: 'ISSUES_API_KEY', value: 'a long enough value' } })
  const tracker = await app.call(createMcp, {
    body: {
      name: 'issue-tracker',
      transport: 'stdio',
      command: 'npx',
      args: ['-y', 'issue-mcp', '--project', 'storefront web'],
      env: { ISSUES_API_KEY: '{{secret:ISSUES_API_KEY}}' }
    }
  })
  await app.call(createMcp, {
    body: {
      name: 'design-files',
      transport: 'http',
      url: 'https://design.example/mcp',
      headers: { Authorization: 'Bearer {{secret:DESIGN_TOKEN}}' }
    }
  })
  await app.call(createAgent, { body: { name: 'triage-tern', mcpIds: [tracker.id] } })
  await app.call(createAgent, { body: { name: 'docs-quill', mcpIds: [tracker.id] } })
  await app.call(createAgent, { body: { name: 'ui-lumen' } })
  await app.call(createKey, { body: { name: 'CI on build-box', style: 'agentfleet', expiresAt: inDays(102) } })
  await app.call(createKey, { body: { name: 'Grafana reader', scopes: ['read'] } })
  await app.call(createKey, { body: { name: 'Old laptop', style: 'fleetrun', expiresAt: inDays(6) } })
  for (const [name, role] of [
    ['Noor Haddad', 'admin'],
    ['Jonas Okafor', 'member'],
    ['Lena Voss', 'viewer']
  ] as const)
    await addPerson(app, role, { name, email: `${name.split(' ')[0]?.toLowerCase()}@storefront.example` })
  const looking = async () =>
    (await app.call(listRunners)).data.some(one => one.runtimes.some(({ state }) => state === 'looking'))
  while (await looking());
}

export interface ConfigureShot {
  name: string
  path: string
  narrow: true
  before?: (page: Page) => Promise<unknown>
}

const dialog = (button: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name: button }).first().click()
  await page.getByRole('dialog').waitFor()
}

export function configureShots(): ConfigureShot[] {
  return [
    {
      name: 'runners',
      narrow: true,
      path: '/runners',
      before: page => page.getByRole('button', { name: /^Details of .*build-box/ }).click()
    },
    {
      name: 'runner-connect',
      narrow: true,
      path: '/runners/connect',
      before: async page => {
        await page.getByRole('textbox', { name: 'Name' }).fill('studio-2')
        await page.getByRole('textbox', { name: /^Folders/ }).fill('/home/ada/code/storefront-api')
        await page.getByRole('button', { name: 'Make its command' }).click()
        await page.getByText('Waiting for it to call').waitFor()
      }
    },
    { name: 'api', narrow: true, path: '/api-keys' },
    { name: 'api-new', narrow: true, path: '/api-keys', before: dialog(/^New key/) },
    { name: 'mcps', narrow: true, path: '/mcps' },
    {
      name: 'mcp-new',
      narrow: true,
      path: '/mcps',
      before: async page => {
        await dialog(/^Add server/)(page)
        await page.getByRole('textbox', { name: 'Name', exact: true }).fill('warehouse-sql')
        await page.getByRole('textbox', { name: 'Command' }).fill('npx -y warehouse-mcp --read-only')
        await page.getByRole('button', { name: 'Add a variable' }).click()
        await page.getByRole('combobox', { name: 'Source of variable 1' }).selectOption({ index: 1 })
      }
    },
    { name: 'people', narrow: true, path: '/settings/people' },
    { name: 'person-new', narrow: true, path: '/settings/people', before: dialog(/^Add a person/) },
    { name: 'access', narrow: true, path: '/settings/access' },
    { name: 'runtimes', narrow: true, path: '/settings/runtimes' },
    { name: 'engines', narrow: true, path: '/settings/engines' },
    { name: 'keyboard', narrow: true, path: '/settings/keyboard' },
    { name: 'about', narrow: true, path: '/settings/about' }
  ]
}
