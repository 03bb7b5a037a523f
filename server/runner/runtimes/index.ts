import { acp } from './acp/index.ts'
import { claudeCode } from './claude-code/index.ts'
import { codex } from './codex/index.ts'
import { command } from './command/index.ts'
import { geminiCli } from './gemini/index.ts'
import { practice } from './practice/index.ts'
import type { Runtime } from './runtime.ts'

/** All runtimes, the ones that people choose most first. A new one is a folder beside this file and a line here. */
export const runtimes: readonly Runtime[] = [claudeCode, geminiCli, codex, practice, command, acp]
