/** What the practice agent understands. `path` of null in `list` and `find` is the whole folder. */
export type Command =
  | { verb: 'list'; path: string | null }
  | { verb: 'read'; path: string }
  | { verb: 'find'; text: string; path: string | null }
  | { verb: 'replace'; find: string; replacement: string; path: string }
  | { verb: 'write'; path: string; text: string }
  | { verb: 'run'; command: string }
  | { verb: 'wait'; seconds: number }
  | { verb: 'help' }

export type Parsed = { ok: true; commands: Command[] } | { ok: false; line: string; hint: string | null }

export const menu = [
  'list [folder]: what is in the folder',
  'read <file>: show a file',
  'find <text> [in <folder>]: search in all files',
  'replace "<old>" with "<new>" in <file>: change a file',
  'write <file>: <text>, for example write hello.txt: Hello',
  'run <command>: run a command; I ask first',
  'wait <seconds>: do nothing for a while, to try Stop'
]

const verbs = 'list|ls|read|show|find|search|replace|write|run|wait|help'
const startsCommand = new RegExp(`^(${verbs})\\b`, 'i')
const joint = new RegExp(`\\s*(?:,\\s*)?\\b(?:and\\s+)?then\\s+(?=(?:${verbs})\\b)`, 'i')

const forms: [RegExp, string, (parts: string[]) => Command][] = [
  [
    /^(?:list|ls)(?:\s+(?:files\s+)?(?:in\s+)?(.+))?$/i,
    menu[0] ?? '',
    ([path]) => ({ verb: 'list', path: bare(path) })
  ],
  [/^(?:read|show)\s+(.+)$/i, menu[1] ?? '', ([path]) => ({ verb: 'read', path: unquoted(path) })],
  [
    /^(?:find|search)\s+(?:for\s+)?("[^"]+"|.+?)(?:\s+in\s+(\S+|"[^"]+"))?$/i,
    menu[2] ?? '',
    ([text, path]) => ({ verb: 'find', text: unquoted(text), path: bare(path) })
  ],
  [
    /^replace\s+"([^"]+)"\s+(?:with|by)\s+"([^"]*)"\s+in\s+(.+)$/is,
    menu[3] ?? '',
    ([find, replacement, path]) => ({
      verb: 'replace',
      find: find ?? '',
      replacement: replacement ?? '',
      path: unquoted(path)
    })
  ],
  [
    /^write\s+("[^"]+"|[^:]+?)\s*:\s?(.*)$/is,
    menu[4] ?? '',
    ([path, text]) => ({ verb: 'write', path: unquoted(path), text: text ?? '' })
  ],
  [/^run\s+(.+)$/is, menu[5] ?? '', ([command]) => ({ verb: 'run', command: (command ?? '').trim() })],
  [
    /^wait\s+(\d{1,4})(?:\s*s(?:econds?)?)?$/i,
    menu[6] ?? '',
    ([seconds]) => ({ verb: 'wait', seconds: Number(seconds) })
  ],
  [/^help$/i, 'help', () => ({ verb: 'help' })]
]

/** Reads commands on lines of their own or joined by "then". Lines after a `write` belong to its text. */
export function parseCommands(prompt: string): Parsed {
  const commands: Command[] = []
  for (const part of split(prompt)) {
    const command = parseOne(part)
    if (command === null) return { ok: false, line: part, hint: hintFor(part) }
    commands.push(command)
  }
  return commands.length > 0 ? { ok: true, commands } : { ok: false, line: '', hint: null }
}

function split(prompt: string): string[] {
  const parts: string[] = []
  for (const line of prompt.split('\n')) {
    const last = parts.at(-1)
    const continues = last !== undefined && /^write\b/i.test(last) && !startsCommand.test(line.trim())
    if (continues) parts[parts.length - 1] = `${last}\n${line}`
    else parts.push(...line.trim().split(joint))
  }
  return parts.map(part => (/^write\b/i.test(part) ? part : part.replace(/[.;]$/, ''))).filter(part => part !== '')
}

function parseOne(part: string): Command | null {
  for (const [form, , make] of forms) {
    const match = form.exec(part)
    if (match) return make(match.slice(1))
  }
  return null
}

function hintFor(part: string): string | null {
  const word = startsCommand.exec(part)?.[1]?.toLowerCase()
  return word === undefined ? null : (forms.find(([, hint]) => hint.startsWith(word))?.[1] ?? null)
}

function unquoted(text: string | undefined): string {
  return (text ?? '').trim().replace(/^(["'`])(.*)\1$/s, '$2')
}

function bare(text: string | undefined): string | null {
  return text === undefined ? null : unquoted(text)
}
