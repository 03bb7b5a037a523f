import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Face, FaceMarks } from './face.ts'
import { chooseFace, createChooser, faceOf } from './root.ts'

const style = (name: string, prefix: string) => ({ name, prefix, scopes: [] })

/** Faces with the marks and paths that matter here, those included that are not built yet. */
const table: [marks: FaceMarks, paths: string[]][] = [
  [
    { id: 'native', prefix: '', root: '/api/v1/', keys: style('flotilla', 'flt_live_'), tokens: true },
    ['/api/v1/agents', '/api/v1/runs/:id']
  ],
  [
    { id: 'agenfleet', prefix: '/agenfleet', root: '/api/', tokens: true },
    ['/api/auth/login', '/api/agents', '/api/audit']
  ],
  [
    { id: 'fleetrun', prefix: '/fleetrun', root: '/api/', keys: style('fleetrun', 'fr_live_') },
    ['/api/agents', '/api/tasks/:id', '/api/run']
  ],
  [
    { id: 'trinity', prefix: '/trinity', root: '/api/', tokens: true },
    ['/api/token', '/api/agents', '/api/agents/:name/files']
  ],
  [
    { id: 'fleece', prefix: '/fleece', root: '/api/v1/', keys: style('fleece', 'flc_') },
    ['/api/v1/agents', '/api/v1/flows']
  ],
  [
    { id: 'agentfleet', prefix: '/agentfleet', root: '/api/v1/', keys: style('agentfleet', 'af_live_') },
    ['/api/v1/runs/:id', '/api/v1/runners']
  ]
]
const served = table.map(([marks, paths]) => ({ face: marks as Face, paths }))
const choose = chooseFace(createChooser(served))

async function tokenOf(face: string): Promise<string> {
  const token = new SignJWT({ face }).setProtectedHeader({ alg: 'HS256' }).setSubject('x').setJti('x')
  return await token.sign(new Uint8Array(32))
}

/** Who answers, and under which address. */
function route(path: string, credential: string | null): [face: string, url: string] {
  const headers = credential === null ? {} : { authorization: `Bearer ${credential}` }
  const request = { path, url: `${path}?a=b`, headers } as unknown as Parameters<typeof choose>[0]
  choose(request, {} as Parameters<typeof choose>[1], () => undefined)
  return [faceOf(request).id, request.url]
}

describe('a path at the root goes to', () => {
  const table: [path: string, credential: string | null, face: string][] = [
    ['/api/v1/agents', 'flc_1', 'fleece'],
    ['/api/v1/flows', 'flc_1', 'fleece'],
    ['/api/v1/agents', 'af_live_1', 'agentfleet'],
    ['/api/v1/agents', 'flt_live_1', 'native'],
    ['/api/v1/flows', 'flt_live_1', 'native'],
    ['/api/v1/flows', 'flt_owner_1', 'native'],
    ['/api/v1/agents', 'fr_live_1', 'native'],
    ['/api/v1/agents', null, 'native'],
    ['/api/v1/agents', 'nonsense', 'native'],
    ['/api/v1/runners', null, 'agentfleet'],
    ['/api/v1/nothing', null, 'native'],
    ['/api/agents', 'fr_live_1', 'fleetrun'],
    ['/api/audit', 'fr_live_1', 'fleetrun'],
    ['/api/agents', 'flt_live_1', 'agenfleet'],
    ['/api/agents', 'af_live_1', 'agenfleet'],
    ['/api/tasks/7', 'flt_owner_1', 'fleetrun'],
    ['/api/agents/nova/files', 'flt_live_1', 'trinity'],
    ['/api/agents', null, 'agenfleet'],
    ['/api/run', 'nonsense', 'fleetrun'],
    ['/api/run/', null, 'fleetrun'],
    ['/api/auth/login', null, 'agenfleet'],
    ['/api/token', null, 'trinity'],
    ['/api/nothing', null, 'native'],
    ['/healthz', 'flc_1', 'native'],
    ['/', null, 'native']
  ]
  test.each(table)('%s with %s: %s', (path, credential, face) => {
    expect(route(path, credential)).toEqual([face, `${face === 'native' ? '' : `/${face}`}${path}?a=b`])
  })

  test('the face whose login gave out the token', async () => {
    expect(route('/api/agents', await tokenOf('trinity'))[0]).toBe('trinity')
    expect(route('/api/agents', await tokenOf('agenfleet'))[0]).toBe('agenfleet')
    expect(route('/api/tasks/7', await tokenOf('native'))[0]).toBe('fleetrun')
    expect(route('/api/v1/agents', await tokenOf('trinity'))[0]).toBe('native')
  })
})

test('a path with a prefix goes to that face whatever the credential, and stays as it is', () => {
  expect(route('/trinity/api/agents', 'fr_live_1')).toEqual(['trinity', '/trinity/api/agents?a=b'])
  expect(route('/fleetrun', null)).toEqual(['fleetrun', '/fleetrun?a=b'])
  expect(route('/fleetruns', null)[0]).toBe('native')
})

test('what belongs to a face that is yet to come is answered by our own', () => {
  const coming = served.find(({ face }) => face.id === 'fleece')?.face
  const built = served.filter(({ face }) => face !== coming)
  const earlier = chooseFace(createChooser(built, coming ? [coming] : []))
  const headers = { authorization: 'Bearer flc_1' }
  const request = { path: '/api/v1/runners', url: '/api/v1/runners', headers } as unknown as Parameters<
    typeof choose
  >[0]
  earlier(request, {} as Parameters<typeof choose>[1], () => undefined)
  expect([faceOf(request).id, request.url]).toEqual(['native', '/api/v1/runners'])
})
