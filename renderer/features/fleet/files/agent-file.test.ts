import { expect, test } from 'vitest'
import { agentFile } from '#contract/fleet/agent-files'
import type { Agent } from '#contract/fleet/agents'
import { agentsIn, fileOf, readAgentFile } from './agent-file.ts'

const faultOf = (text: string) => {
  const read = agentsIn(text)
  return 'fault' in read ? read.fault : undefined
}

test('what cannot be read says why, and what to do', async () => {
  expect(faultOf('name: yaml')).toContain('It is not JSON')
  expect(faultOf('{"name":"one"}')).toBe('It holds no list of agents, such as Export writes.')
  expect(faultOf('null')).toBe('It holds no list of agents, such as Export writes.')
  expect(faultOf('{"version":2,"agents":[{}]}')).toContain('newer Flotilla')
  expect(faultOf('[]')).toBe('There is no agent in it.')
  expect(faultOf(JSON.stringify(Array(1001).fill({})))).toContain('1,001 agents')
  const text = () => Promise.reject(new Error('it is not read'))
  expect(await readAgentFile({ size: 10_000_001, text })).toMatchObject({ fault: expect.stringContaining('10 MB') })
})

test('what is exported can be imported, says who reports to whom by name, and nothing of this computer', () => {
  const agent = (id: string, managerId: string | null) =>
    ({
      ...{ id, name: id, slug: id, role: '', description: '', glyph: null, team: null, managerId, tags: [] },
      ...{ capabilities: [], provider: null, model: null, fallbackModels: [], runtime: 'practice', place: 'host' },
      ...{ cwd: null, permissionMode: 'plan', allowedTools: [], instructions: 'x', mcpIds: ['m'], ownerId: 'me' },
      limits: { dailyTokenBudget: 5, monthlyTokenBudget: null, alertThreshold: 0.8 }
    }) as unknown as Agent
  const all = [agent('above', null), agent('below', 'above')]
  const file = agentFile.parse(JSON.parse(JSON.stringify(fileOf(all.slice(1), all))))
  expect(file.agents).toMatchObject([
    { name: 'below', manager: 'above', permissionMode: 'plan', limits: { dailyTokenBudget: 5 } }
  ])
  expect(Object.keys(file.agents[0] ?? {})).not.toEqual(expect.arrayContaining(['mcpIds']))
  expect(agentsIn(JSON.stringify(file))).toEqual({ agents: file.agents })
})
