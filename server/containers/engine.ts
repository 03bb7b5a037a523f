import type { EngineFacts, EngineTestStep } from '#contract/runners/engines'
import type { EngineAddress } from './address.ts'

/** One container engine, and all that is asked of it. What the engine or the way to it fails, throws; `faultOf` says why. */
export interface ContainerEngine {
  ping(signal: AbortSignal): Promise<void>
  /** What it is, and which bounds it does not hold. */
  describe(signal: AbortSignal): Promise<EngineFacts>
  /** Resolves when the engine, or something on the way, has ended the stream of its events; it says so at once. */
  untilGone(signal: AbortSignal): Promise<void>
  /** Makes a container with all bounds of an agent and removes it; what fails is told as a step. */
  test(): Promise<EngineTestStep[]>
}

export type OpenEngine = (address: EngineAddress) => Promise<ContainerEngine>
