import { z } from 'zod'
import { type Hunk, hunk, type ToolResultData } from '#contract/runs/events'
import type { Content, ContentBlock } from './protocol.ts'

const changedFile = z.object({
  filePath: z.string(),
  type: z.string().nullish(),
  content: z.string().nullish(),
  originalFile: z.string().nullish(),
  structuredPatch: z.array(hunk)
})

const shellOutput = z.object({ stdout: z.string(), stderr: z.string() })

/** Words of a content value; what is not text is named in brackets. */
export function contentText(content: Content | undefined): string {
  if (content === undefined) return ''
  if (typeof content === 'string') return content
  return content.map(blockText).join('\n')
}

function blockText(block: ContentBlock): string {
  return typeof block.text === 'string' ? block.text : `[${block.type}]`
}

/** What stands beside the result of a call that a person stopped. */
const stoppedByPerson = 'User rejected tool use'

/** The CLI marks its own errors for the model; people need not see how. */
function withoutMarkup(text: string): string {
  return /^\s*<tool_use_error>([\s\S]*?)(?:<\/tool_use_error>\s*)?$/.exec(text)?.[1]?.trim() ?? text
}

/** Reads one `tool_result` block with the structured payload that stands beside it. */
export function readToolResult(block: ContentBlock, payload: unknown, parent: string | null): ToolResultData {
  const text = withoutMarkup(contentText(block.content as Content | undefined))
  const isError = block.is_error === true
  return {
    toolUseId: String(block.tool_use_id ?? ''),
    isError,
    ...(isError && payload === stoppedByPerson && { stopped: true }),
    text,
    exitCode: exitCode(text, isError, payload),
    diff: isError ? null : readDiff(payload),
    parent
  }
}

function exitCode(text: string, isError: boolean, payload: unknown): number | null {
  if (!isError) return shellOutput.safeParse(payload).success ? 0 : null
  const code = /^Exit code (\d{1,3})\b/.exec(text)?.[1]
  return code === undefined ? null : Number(code)
}

function readDiff(payload: unknown): ToolResultData['diff'] {
  const parsed = changedFile.safeParse(payload)
  if (!parsed.success) return null
  const file = parsed.data
  const created = file.type === 'create'
  // A new file comes with an empty patch: its content is the patch.
  const hunks = created && file.structuredPatch.length === 0 ? wholeFile(file.content ?? '') : file.structuredPatch
  return { path: file.filePath, created, hunks }
}

function wholeFile(content: string): Hunk[] {
  if (content === '') return []
  const lines = content.replace(/\n$/, '').split('\n')
  return [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: lines.length, lines: lines.map(line => `+${line}`) }]
}
