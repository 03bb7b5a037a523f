import type { Provider } from '#contract/fleet/agents'

/**
 * The runtime of an agent that names only whose models it wants. One that is not there yet is named all the same: the run
 * says that it is missing, instead of asking somebody else.
 */
export const runtimeOfProvider: Readonly<Record<Provider, string>> = {
  anthropic: 'claude-code',
  openai: 'codex',
  openrouter: 'codex',
  google: 'gemini-cli'
}
