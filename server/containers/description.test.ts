import { expect, test } from 'vitest'
import { describeEngine } from './description.ts'
import { EngineFault } from './fault.ts'
import docker from './fixtures/docker.json' with { type: 'json' }
import podman from './fixtures/podman.json' with { type: 'json' }
import rootless from './fixtures/podman-rootless.json' with { type: 'json' }

test('Docker is recognised, with its version, its system and nothing that it lacks', () => {
  expect(describeEngine(docker.version, docker.info)).toEqual({
    kind: 'docker',
    product: 'Docker Engine',
    version: '20.10.24+dfsg1',
    apiVersion: '1.41',
    system: 'Debian GNU/Linux 12 (bookworm)',
    architecture: 'x86_64',
    rootless: false,
    cgroup: 'v1',
    cpus: 2,
    memoryBytes: 25276063744,
    lacks: []
  })
})

test('Podman is recognised, and that it does not keep agents apart', () => {
  const facts = describeEngine(podman.version, podman.info)
  expect(facts).toMatchObject({ kind: 'podman', product: 'Podman', version: '4.3.1', system: 'debian 12' })
  expect(facts).toMatchObject({ rootless: false, cgroup: 'v1' })
  expect(facts.lacks.map(({ bound }) => bound)).toEqual(['isolation'])
})

test('Podman without root on cgroup v1 says that it limits, and does not: it lacks every bound', () => {
  expect(rootless.info).toMatchObject({ MemoryLimit: true, PidsLimit: true })
  const facts = describeEngine(rootless.version, rootless.info)
  expect(facts.lacks.map(({ bound }) => bound)).toEqual(['memory', 'swap', 'cpu', 'processes', 'isolation'])
  const onV2 = describeEngine(rootless.version, { ...rootless.info, CgroupVersion: '2' })
  expect(onV2.lacks.map(({ bound }) => bound)).toEqual(['isolation'])
})

test('Docker Desktop and Docker without root are told by their own signs; what a kernel cannot limit is lacking', () => {
  const desktop = { ...docker.version, Platform: { Name: 'Docker Desktop 4.51.0 (210443)' } }
  expect(describeEngine(desktop, docker.info).product).toBe('Docker Desktop')
  const info = { ...docker.info, SwapLimit: false, CgroupVersion: '2', SecurityOptions: ['name=rootless'] }
  const facts = describeEngine(docker.version, info)
  expect(facts).toMatchObject({ rootless: true, cgroup: 'v2', lacks: [{ bound: 'swap' }] })
})

test.each([
  ['a page', '<html>', {}],
  ['another API', { message: 'not found' }, {}],
  ['nothing', null, null]
])('%s is no engine', (_, version, info) => {
  expect(() => describeEngine(version, info)).toThrow(EngineFault)
})

test('what it says is bounded, and what it does not say is no number', () => {
  const facts = describeEngine(docker.version, { OperatingSystem: 'x'.repeat(5000), NCPU: -1, MemTotal: 'much' })
  expect(facts.system).toHaveLength(200)
  expect(facts).toMatchObject({ cpus: 0, memoryBytes: 0, cgroup: null, lacks: [] })
})
