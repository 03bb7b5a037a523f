/**
 * The command that a person reads: Codex runs each as `/bin/bash -lc '…'`. Whatever is not certainly of that form stays as
 * it is, for it is what patterns of approvals are matched against.
 */
export function unwrapped(command: string): string {
  const inner = /^(?:\/\S*\/)?(?:ba|z|da)?sh -l?c ([\s\S]+)$/.exec(command)?.[1]
  return (inner === undefined ? null : oneWord(inner)) ?? command
}

/** What a single word of a shell says, quoted or not; null: it is more than one, or says something else. */
function oneWord(text: string): string | null {
  let said = ''
  let rest = text
  while (rest !== '') {
    const piece = /^(?:'([^']*)'|"((?:[^"\\$`]|\\[\s\S])*)"|\\([^\n])|([\w./:=@%+,-]+))/.exec(rest)
    if (piece === null) return null
    const [whole, single, double, escaped, bare] = piece
    said += single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? ''
    rest = rest.slice(whole.length)
  }
  return said
}
