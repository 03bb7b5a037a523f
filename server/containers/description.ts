import { z } from 'zod'
import type { EngineBound, EngineFacts, EngineKind } from '#contract/runners/engines'
import { EngineFault } from './fault.ts'

const text = z
  .string()
  .catch('')
  .transform(value => value.slice(0, 200))
const count = z.int().nonnegative().catch(0)
const flag = z.boolean().catch(true)

/** What an engine says of itself at `/version` and `/info`, as far as it is read. */
const versionAnswer = z.object({
  Version: z.string().min(1).max(200),
  ApiVersion: z.string().min(1).max(50),
  Platform: z.object({ Name: text }).catch({ Name: '' }),
  Components: z.array(z.object({ Name: text })).catch([])
})
const infoAnswer = z.object({
  OperatingSystem: text,
  OSVersion: text,
  Architecture: text,
  NCPU: count,
  MemTotal: count,
  CgroupVersion: text,
  Rootless: z.boolean().catch(false),
  SecurityOptions: z.array(z.string()).catch([]),
  MemoryLimit: flag,
  SwapLimit: flag,
  CpuCfsQuota: flag,
  PidsLimit: flag
})
type Info = z.output<typeof infoAnswer>

/** Throws EngineFault with NOT_AN_ENGINE. */
export function describeEngine(version: unknown, info: unknown): EngineFacts {
  const said = versionAnswer.safeParse(version)
  const more = infoAnswer.safeParse(info)
  if (!said.success || !more.success) throw new EngineFault('NOT_AN_ENGINE')
  const { Version, ApiVersion, Platform, Components } = said.data
  const podman = Components.some(({ Name }) => Name === 'Podman Engine')
  const desktop = /^Docker Desktop/.test(Platform.Name) || /^Docker Desktop/.test(more.data.OperatingSystem)
  const kind: EngineKind = podman ? 'podman' : desktop ? 'docker-desktop' : 'docker'
  const rootless = more.data.Rootless || more.data.SecurityOptions.some(option => /^name=rootless\b/.test(option))
  const cgroup = cgroupOf(more.data)
  return {
    kind,
    product: productNames[kind],
    version: Version,
    apiVersion: ApiVersion,
    system: systemOf(more.data),
    architecture: more.data.Architecture,
    rootless,
    cgroup,
    cpus: more.data.NCPU,
    memoryBytes: more.data.MemTotal,
    lacks: lacksOf(more.data, { podman, rootless, cgroup })
  }
}

const productNames: Record<EngineKind, string> = {
  docker: 'Docker Engine',
  'docker-desktop': 'Docker Desktop',
  podman: 'Podman'
}

function cgroupOf({ CgroupVersion }: Info): EngineFacts['cgroup'] {
  return CgroupVersion === '1' ? 'v1' : CgroupVersion === '2' ? 'v2' : null
}

/** Docker has the version in the name, Podman beside it. */
function systemOf({ OperatingSystem, OSVersion }: Info): string {
  return OperatingSystem.includes(OSVersion) ? OperatingSystem : `${OperatingSystem} ${OSVersion}`.trim()
}

type Kind = { podman: boolean; rootless: boolean; cgroup: EngineFacts['cgroup'] }

/** Bounds that it does not hold, as far as it can be known without trying. Podman claims those that it then ignores. */
function lacksOf(info: Info, { podman, rootless, cgroup }: Kind): EngineFacts['lacks'] {
  const lacks: EngineFacts['lacks'] = []
  const lack = (bound: EngineBound, words: string) => void lacks.push({ bound, words })
  const none = rootless && cgroup === 'v1'
  const why = none ? 'without root and on cgroup v1 it takes the limit and ignores it' : 'its system cannot limit it'
  if (none || !info.MemoryLimit) lack('memory', `Memory: ${why}`)
  if (none || !info.SwapLimit) lack('swap', `Swap: ${why}`)
  if (none || !info.CpuCfsQuota) lack('cpu', `CPU: ${why}`)
  if (none || !info.PidsLimit) lack('processes', `Number of processes: ${why}`)
  if (podman) lack('isolation', 'Isolation: containers on one network of Podman reach each other')
  return lacks
}
