import { places } from './places/index.ts'
import { runtimes } from './runtimes/index.ts'
import { runtimeOfProvider } from './runtimes/providers.ts'
import { describe } from './runtimes/runtime.ts'

/** What the control plane is told of runners: it starts nothing itself. */
export const known = {
  runtimes: runtimes.map(describe),
  runtimeOfProvider,
  places: places.map(({ id }) => id)
}
