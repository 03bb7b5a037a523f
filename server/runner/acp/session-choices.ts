import type { Signal } from '../runtimes/runtime.ts'
import type { AcpAgent, Modes } from './agent.ts'
import type { ConfigOption, SessionState } from './protocol.ts'

/** Mode and model of a session, and what else it offers. */
export class SessionChoices {
  private readonly agent: AcpAgent
  private offered: readonly string[] = []
  private mode: string | null = null
  private config: readonly ConfigOption[] = []

  constructor(agent: AcpAgent) {
    this.agent = agent
  }

  opened({ modes, configOptions }: SessionState): Signal[] {
    this.offered = modes?.availableModes.map(({ id }) => id) ?? []
    this.mode = modes?.currentModeId ?? null
    return this.configured(configOptions)
  }

  configured(options: readonly ConfigOption[]): Signal[] {
    this.config = options
    return this.model === null ? [] : [{ type: 'facts', facts: { model: this.model } }]
  }

  modeIs(mode: string): Signal[] {
    this.mode = mode
    return []
  }

  /** The mode to set; null: it is in it, or has none. */
  modeFor(wanted: keyof Modes): string | null {
    const names = this.agent.modes[wanted]
    if (this.mode !== null && names.includes(this.mode)) return this.mode
    return names.find(name => this.offered.includes(name)) ?? null
  }

  get model(): string | null {
    const value = this.modelConfig?.currentValue
    return typeof value === 'string' && value !== '' ? value.slice(0, 200) : null
  }

  /** Id of the option that chooses this model; `taken`: it is chosen; null: that cannot be chosen. */
  modelOption(model: string): string | 'taken' | null {
    const option = this.modelConfig
    if (option === undefined) return null
    if (option.currentValue === model) return 'taken'
    const values = option.options.flatMap(one => ('value' in one ? [one.value] : one.options.map(({ value }) => value)))
    return values.includes(model) ? option.id : null
  }

  private get modelConfig(): ConfigOption | undefined {
    return this.config.find(({ category, id }) => category === 'model' || id === 'model')
  }
}
