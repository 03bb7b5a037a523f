import type { RunnerWarning, RuntimeReport } from '#contract/runners/runners'
import { RefusedLaunch } from '../runtimes/runtime.ts'
import type { Place, PlaceKind, PlaceSetup } from './place.ts'

/** The places of one runner, and what they have together. */
export class OpenPlaces {
  readonly all: readonly Place[]

  constructor(all: readonly Place[]) {
    this.all = all
  }

  static async open(kinds: readonly PlaceKind[], setup: PlaceSetup): Promise<OpenPlaces> {
    return new OpenPlaces(await Promise.all(kinds.map(kind => kind.open(setup))))
  }

  /** Where a run goes that asks for none. */
  get usual(): Place {
    const [first] = this.all
    if (first === undefined) throw new Error('A runner has a place')
    return first
  }

  get ids(): string[] {
    return this.all.map(({ id }) => id)
  }

  /** Throws RefusedLaunch with PLACE_MISSING. */
  find(id: string): Place {
    const place = this.all.find(one => one.id === id)
    if (place !== undefined) return place
    throw new RefusedLaunch('PLACE_MISSING', `This runner has no place ${id}; it has ${this.ids.join(', ')}`)
  }

  get reports(): RuntimeReport[] {
    return this.all.flatMap(({ id, runtimes }) => runtimes.reports.map(report => ({ ...report, place: id })))
  }

  get warnings(): RunnerWarning[] {
    return this.all.flatMap(({ runtimes }) => runtimes.warnings)
  }

  onChange(tell: () => void): void {
    for (const { runtimes } of this.all) runtimes.onChange(tell)
  }

  async firstReports(): Promise<RuntimeReport[]> {
    await Promise.all(this.all.map(({ runtimes }) => runtimes.looked()))
    return this.reports
  }

  async refresh(): Promise<void> {
    await Promise.all(this.all.map(({ runtimes }) => runtimes.refresh()))
  }

  /** At the first place that knows it. */
  async install(runtimeId: string): Promise<void> {
    const place = this.all.find(({ runtimes }) => runtimes.reports.some(({ id }) => id === runtimeId))
    await place?.runtimes.install(runtimeId)
  }

  /** Ends what a former runner started for a run, wherever that was. */
  async end(runId: string): Promise<void> {
    await Promise.all(this.all.map(place => place.end(runId)))
  }
}
