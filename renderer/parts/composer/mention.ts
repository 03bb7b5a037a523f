/** What is being typed at the caret and could be completed: `@` a file or an agent, `/` a command. */
export interface Mention {
  sign: '@' | '/'
  /** Where the sign stands in the text. */
  start: number
  /** What stands between the sign and the caret. */
  query: string
}

/** A longer word is no name that somebody types. */
const longest = 200

export function mentionAt(text: string, caret: number): Mention | null {
  const from = Math.max(0, caret - longest)
  const near = text.slice(from, caret)
  // A command is one only where the prompt begins.
  const command = from === 0 ? /^\s*\/(\S*)$/.exec(near) : null
  if (command) return made('/', command[1], caret)
  const at = /(?:^|[\s([{"'])@(\S*)$/.exec(near)
  return at && (at[0].startsWith('@') ? from === 0 : true) ? made('@', at[1], caret) : null
}

function made(sign: Mention['sign'], query = '', caret: number): Mention {
  return { sign, query, start: caret - query.length - 1 }
}

/** How a path is written so that it ends where it ends. A folder is left open: what lies in it can be typed on. */
export function mentionOf(path: string): string {
  if (path.endsWith('/')) return `@${path}`
  return /\s/.test(path) ? `@"${path}" ` : `@${path} `
}
