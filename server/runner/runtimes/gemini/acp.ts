import { z } from 'zod'
import type { AcpAgent } from '../../acp/agent.ts'
import { exitFailure } from './failures.ts'

const count = z.int().min(0).catch(0)
const counts = z.object({ input_tokens: count, output_tokens: count })
const told = z.object({
  quota: z.object({
    token_count: counts,
    model_usage: z.array(z.object({ model: z.string(), token_count: counts })).catch([])
  })
})

/** `gemini --acp`. It reads, writes and runs by itself, after it has asked us. */
export function geminiAgent(trusted: boolean): AcpAgent {
  return {
    title: 'Gemini CLI',
    modes: { asks: ['default'], plans: ['plan'] },
    usesPlace: false,
    modelIsGiven: true,
    noServers: trusted ? null : 'Gemini CLI connects to none in a folder that it does not trust',
    /**
     * It has no `session/resume`, and its `session/load` begins by making a file for the session that it loads, by a name
     * that it cuts from the id and the minute: a session that was begun in the same minute is overwritten. The id is trimmed
     * where the session is looked for, and not where the file is named.
     */
    resume: { load: sessionId => ` ${sessionId}` },
    toolName: callId => /^([a-z]\w*?)__/.exec(callId)?.[1] ?? null,
    isPlan: tool => tool === 'exit_plan_mode',
    isNoise: text => /^\[MODE_UPDATE\] \w+$/.test(text.trim()),
    /** Of the prompt, all calls of the model summed; what of it came from a cache is not told. */
    usage({ _meta }) {
      const parsed = told.safeParse(_meta)
      if (!parsed.success) return { usage: null, model: null }
      const { token_count: tokens, model_usage: models } = parsed.data.quota
      const [most] = [...models].sort((a, b) => b.token_count.input_tokens - a.token_count.input_tokens)
      const usage = {
        inputTokens: tokens.input_tokens,
        outputTokens: tokens.output_tokens,
        cachedReadTokens: 0,
        cachedWriteTokens: 0
      }
      return { usage, model: most?.model.slice(0, 200) ?? null }
    },
    exit: exitFailure
  }
}
