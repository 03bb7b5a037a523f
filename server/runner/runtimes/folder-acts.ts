import type { ActKind, SettingsAct } from '#contract/runs/trust'
import type { FoundFile } from './runtime.ts'

/** `anchor` is looked for where the detail itself does not stand in the file as it is. */
export function actOf(file: FoundFile, kind: ActKind, title: string, detail: string, anchor = detail): SettingsAct {
  return {
    kind,
    title: title.slice(0, 300),
    detail: detail.slice(0, 8000),
    path: file.path,
    line: lineOf(file.text, [JSON.stringify(detail).slice(1, -1), JSON.stringify(anchor), anchor])
  }
}

/** Where the first of these stands in a text; 1 when none does. */
function lineOf(text: string, needles: readonly string[]): number {
  const at = needles.map(needle => (needle === '' ? -1 : text.indexOf(needle))).find(index => index !== -1) ?? 0
  return text.slice(0, at).split('\n').length
}
