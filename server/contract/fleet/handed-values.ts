/** What a process can be given, and what can be hidden of it: one rule for the door and for the runner. */

/** Linux takes no longer string, with its name and its end. */
export const maxVariableBytes = 128 * 1024
/** macOS gives a process 1 MiB for its environment and arguments together. */
export const maxSecretsBytes = 512 * 1024
/** Values of fewer characters cannot be told from ordinary words in what an agent prints. */
export const shortestHidden = 8

/** White space, control characters and backslashes: passed over when values are looked for. */
const passedOver = /[\0-\x20\\\x7f]+/g

/** Variables by which programs decide what to run, or which Flotilla sets itself. */
const reservedNames = new Set([
  'BASHOPTS',
  'BASH_ENV',
  'CDPATH',
  'ENV',
  'GLOBIGNORE',
  'HOME',
  'IFS',
  'LOGNAME',
  'NODE_OPTIONS',
  'OLDPWD',
  'PATH',
  'PATHEXT',
  'PERL5OPT',
  'PROMPT_COMMAND',
  'PS4',
  'PWD',
  'PYTHONHOME',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'RUBYOPT',
  'SHELL',
  'SHELLOPTS',
  'SHLVL',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'USER'
])
const reservedPrefixes = ['AGENTFLEET_', 'BASH_FUNC_', 'DYLD_', 'ELECTRON_', 'FLOTILLA_', 'LD_', 'NPM_']

/** Why a variable of this name may not be set for agents; null: it may. */
export function whyReserved(name: string): string | null {
  const upper = name.toUpperCase()
  const isReserved = reservedNames.has(upper) || reservedPrefixes.some(prefix => upper.startsWith(prefix))
  return isReserved ? `${name} decides how programs run, or is set by Flotilla itself; give it another name` : null
}

/** Why a process cannot be given a variable; null: it can. The words never hold the value. */
export function whyNotHanded(name: string, value: string): string | null {
  if (name === '' || /[=\0]/.test(name)) return 'the name of a variable holds neither = nor NUL'
  if (value.includes('\0')) return `${name} holds a NUL character, which no process can be given`
  if (!value.isWellFormed()) return `${name} holds half of a character, which no process can be given`
  const bytes = bytesOf(`${name}=${value}`) + 1
  if (bytes <= maxVariableBytes) return null
  return `${name} has ${bytes.toLocaleString('en')} bytes; a process can be given ${maxVariableBytes.toLocaleString('en')}`
}

/** The characters by which a value is found in what an agent prints. */
export function significant(text: string): string {
  return text.replace(passedOver, '')
}

export function canBeHidden(value: string): boolean {
  return significant(value).length >= shortestHidden
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
