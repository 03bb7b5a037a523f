import { expect, test } from 'vitest'
import type { ActKind } from '#contract/runs/trust'
import { folderSettings } from './folder-settings.ts'

const told = (path: string, text: string) =>
  folderSettings.acts({ path, text }).map(({ kind, detail, line }) => [kind, detail, line])

test.each<[string, string, [ActKind, string, number][]]>([
  ['nothing but looks', 'model = "m"\n[tui]\ntheme = "x"', []],
  [
    'an MCP server',
    'model = "m"\n[mcp_servers.s]\ncommand = "node"\nargs = ["x.js"]\nenv = { A = "b" }',
    [['mcp', 'A=b node x.js', 2]]
  ],
  ['one at an address', '[mcp_servers.s]\nurl = "https://x.example"', [['mcp', 'https://x.example', 2]]],
  ['another provider', 'model_provider = "p"', [['request', 'p', 1]]],
  ['its address', '[model_providers.p]\nbase_url = "http://x/v1"', [['request', 'http://x/v1', 2]]],
  ['another address', 'openai_base_url = "http://x/v1"', [['request', 'http://x/v1', 1]]],
  ['a program at each turn', 'notify = ["sh", "n.sh"]', [['hook', '["sh","n.sh"]', 1]]],
  ['a sandbox', 'sandbox_mode = "danger-full-access"', [['permission', 'danger-full-access', 1]]],
  ['nobody who is asked', 'approval_policy = "never"', [['permission', 'never', 1]]],
  ['what nobody knows', 'brand_new = true', [['other', 'true', 1]]],
  ['what cannot be read', 'model = ', [['other', '.codex/config.toml', 1]]]
])('settings with %s', (_, text, acts) => {
  expect(told('.codex/config.toml', text)).toEqual(acts)
})

test('hooks, wherever they stand', () => {
  const hooks = { SessionStart: [{ hooks: [{ type: 'command', command: './x.sh' }] }] }
  expect(told('.codex/hooks.json', JSON.stringify({ hooks }))).toEqual([['hook', './x.sh', 1]])
  expect(told('../.codex/hooks/a.json', JSON.stringify(hooks))).toEqual([['hook', './x.sh', 1]])
})

test('rules that let commands run are told, comments are not', () => {
  const rule = 'prefix_rule(pattern=["touch"], decision="allow")'
  expect(told('.codex/rules/a.rules', `# why\n${rule}\n`)).toEqual([['permission', rule, 2]])
  expect(told('.codex/rules/a.rules', '# nothing\n')).toEqual([])
})
