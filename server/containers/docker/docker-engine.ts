import { finished } from 'node:stream/promises'
import type { EngineAddress } from '../address.ts'
import { describeEngine } from '../description.ts'
import type { ContainerEngine } from '../engine.ts'
import { askWhat, bounded, connect, ping } from './connection.ts'
import { tryEngine } from './trial.ts'

/** An engine that speaks the API of Docker, as Podman does, too. Throws EngineFault with NOT_TRUSTED. */
export function openDockerEngine(address: EngineAddress): ContainerEngine {
  const docker = connect(address)
  return {
    ping: signal => ping(docker, signal),
    async describe(abortSignal) {
      const { version, info } = await askWhat(docker, abortSignal)
      return describeEngine(version, info)
    },
    async untilGone(abortSignal) {
      // Those of the engine itself: nearly none, so that nothing but the end of the stream is heard.
      const asked = docker.getEvents({ abortSignal, filters: { type: ['daemon'] } })
      const stream = await bounded(abortSignal, asked)
      stream.resume()
      await finished(stream, { signal: abortSignal }).catch(() => {})
    },
    test: () => tryEngine(docker)
  }
}
