import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type Docker from 'dockerode'
import { pack } from 'tar-stream'
import { z } from 'zod'
import { type EngineTestStep, type EngineTestStepId, engineTestSteps } from '#contract/runners/engines'
import { describeEngine } from '../description.ts'
import { EngineFault, faultOf } from '../fault.ts'
import { askWhat, bounded } from './connection.ts'
import { probeFor } from './probe.ts'

const memory = 64 * 1024 * 1024

/** The bounds of an agent, small: what is read back must be this. */
const hostConfig: Docker.HostConfig = {
  Memory: memory,
  MemorySwap: memory,
  NanoCpus: 500_000_000,
  PidsLimit: 32,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges:true'],
  ReadonlyRootfs: true
}

const icc = 'com.docker.network.bridge.enable_icc'
/** By which leftovers of a test that was cut off are found. */
const label = 'dev.flotilla.engine-test'
const leftoverAfterMs = 10 * 60_000

/** A step takes at most this. */
const stepMs = 20_000

interface Done {
  detail: string
  /** It works, but not as it should. */
  lacking?: true
  skipped?: true
}

/** Tries an engine from its first answer to a bounded container, on no network and without an image from elsewhere. */
export async function tryEngine(docker: Docker): Promise<EngineTestStep[]> {
  const trial = createTrial(docker)
  const steps: EngineTestStep[] = []
  for (const id of engineTestSteps) {
    const broken = steps.some(step => step.outcome === 'failed')
    if (broken && id !== 'remove') steps.push({ id, outcome: 'skipped', detail: 'An earlier step failed', ms: 0 })
    else steps.push(await step(id, trial[id]))
  }
  return steps
}

async function step(id: EngineTestStepId, perform: (signal: AbortSignal) => Promise<Done>): Promise<EngineTestStep> {
  const begun = performance.now()
  const ms = () => Math.round(performance.now() - begun)
  const signal = AbortSignal.timeout(stepMs)
  try {
    const { detail, lacking, skipped } = await bounded(signal, perform(signal))
    return { id, outcome: skipped ? 'skipped' : lacking ? 'lacking' : 'done', detail, ms: ms() }
  } catch (error) {
    const { message } = faultOf(error)
    return { id, outcome: 'failed', detail: message || `No answer within ${stepMs / 1000} s`, ms: ms() }
  }
}

function createTrial(docker: Docker): Record<EngineTestStepId, (signal: AbortSignal) => Promise<Done>> {
  const name = `flotilla-test-${randomUUID().slice(0, 8)}`
  const labels = { [label]: String(Date.now()) }
  const container = docker.getContainer(name)
  const network = docker.getNetwork(name)
  let probe: Buffer | null = null
  let image: string | null = null

  return {
    async answer(abortSignal) {
      const said = await askWhat(docker, abortSignal)
      const { product, version, architecture } = describeEngine(said.version, said.info)
      probe = probeFor(architecture)
      await removeLeftovers(docker)
      return { detail: `${product} ${version} on ${architecture}` }
    },
    async image(abortSignal) {
      const file = probe ?? Buffer.from('not to be started')
      const answer = await docker.importImage(archiveOf('probe', file), { repo: name, tag: 'probe', abortSignal })
      image = importedImage(await text(answer as Readable))
      return { detail: `Made from ${file.length} bytes, nothing was downloaded` }
    },
    async create(abortSignal) {
      await docker.createNetwork({ Name: name, Driver: 'bridge', Labels: labels, Options: { [icc]: 'false' } })
      const spec = {
        name,
        Image: image ?? '',
        Cmd: ['/probe'],
        Labels: labels,
        HostConfig: { ...hostConfig, NetworkMode: name }
      }
      await docker.createContainer({ ...spec, abortSignal })
      return { detail: 'A container with all bounds, on a network of its own' }
    },
    async limits(abortSignal) {
      const { HostConfig } = await container.inspect({ abortSignal })
      const lost = lostBounds(HostConfig)
      if (lost.length > 0) return { lacking: true, detail: `Taken and dropped: ${lost.join(', ')}` }
      return { detail: 'Memory, swap, CPU, processes, capabilities and read-only files read back as set' }
    },
    async start(abortSignal) {
      if (probe === null) return { skipped: true, detail: 'There is no program to try for this machine' }
      await container.start({ abortSignal })
      const { StatusCode } = (await container.wait({ abortSignal })) as { StatusCode: number }
      if (StatusCode !== 0) throw new EngineFault('NOT_ANSWERING', `Its program ended with ${StatusCode}`)
      return { detail: 'It ran and ended with 0' }
    },
    async network() {
      const { Options } = (await network.inspect()) as { Options?: Record<string, string> }
      if (Options?.[icc] === 'false') return { detail: 'Containers on it do not reach each other' }
      return { lacking: true, detail: 'Taken and dropped: isolation. Containers on one network reach each other' }
    },
    async remove() {
      const left = await removeAll([
        () => container.remove({ force: true, v: true }),
        () => network.remove(),
        () => (image === null ? Promise.resolve() : docker.getImage(image).remove({ force: true }))
      ])
      if (left !== null) throw left
      return { detail: 'Container, network and image are gone' }
    }
  }
}

function lostBounds(held: Docker.HostConfig): string[] {
  const same = {
    memory: held.Memory === memory,
    swap: held.MemorySwap === memory,
    CPU: held.NanoCpus === hostConfig.NanoCpus,
    processes: held.PidsLimit === hostConfig.PidsLimit,
    // Podman lists them one by one.
    capabilities: (held.CapDrop?.length ?? 0) > 0,
    'no new privileges': (held.SecurityOpt ?? []).some((option: string) => option.startsWith('no-new-privileges')),
    'read-only files': held.ReadonlyRootfs === true
  }
  return Object.entries(same).flatMap(([bound, holds]) => (holds ? [] : [bound]))
}

function archiveOf(name: string, content: Buffer): Readable {
  const archive = pack()
  archive.entry({ name, mode: 0o755 }, content)
  archive.finalize()
  return Readable.from(archive)
}

const importLine = z.object({ error: z.string().optional(), status: z.string().optional() })

/** Its id: not every engine takes the tag as it was given. An import that fails answers 200 all the same, and says so in a line. */
function importedImage(lines: string): string {
  const said = lines.split('\n').filter(line => line.trim() !== '')
  const all = said.map(line => importLine.parse(JSON.parse(line)))
  const error = all.find(line => line.error !== undefined)?.error
  const id = all.find(({ status }) => status?.startsWith('sha256:'))?.status
  if (error !== undefined || id === undefined) throw new EngineFault('NOT_ANSWERING', error ?? 'It named no image')
  return id
}

type Removal = () => Promise<unknown>

/** Removes what is there; the first thing that stays and why, or null. */
async function removeAll(removals: readonly Removal[]): Promise<unknown> {
  let left: unknown = null
  for (const remove of removals)
    await remove().catch(error => {
      if ((error as { statusCode?: number }).statusCode !== 404) left ??= error
    })
  return left
}

/** Of tests that were cut off, by this control plane or another one, long enough ago. */
async function removeLeftovers(docker: Docker): Promise<void> {
  const isOld = (labels: Record<string, string> | undefined) =>
    Number(labels?.[label] ?? Number.NaN) < Date.now() - leftoverAfterMs
  const filters = { label: [label] }
  const containers = await docker.listContainers({ all: true, filters })
  const networks = await docker.listNetworks({ filters })
  await removeAll([
    ...containers
      .filter(({ Labels }) => isOld(Labels))
      .map(
        ({ Id }) =>
          () =>
            docker.getContainer(Id).remove({ force: true, v: true })
      ),
    ...networks
      .filter(({ Labels }) => isOld(Labels))
      .map(
        ({ Id }) =>
          () =>
            docker.getNetwork(Id).remove()
      ),
    ...containers
      .filter(({ Labels }) => isOld(Labels))
      .map(
        ({ Image }) =>
          () =>
            docker.getImage(Image).remove({ force: true })
      )
  ])
}
