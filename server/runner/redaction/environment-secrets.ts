import { isPlain } from './plain.ts'

/** Words in the name of a variable that holds a secret. */
const secretWords = new Set([
  'APIKEY',
  'CREDENTIAL',
  'CREDENTIALS',
  'KEY',
  'KEYS',
  'PASS',
  'PASSPHRASE',
  'PASSWD',
  'PASSWORD',
  'PASSWORDS',
  'PAT',
  'PGPASSWORD',
  'PWD',
  'SECRET',
  'SECRETS',
  'SSHPASS',
  'TOKEN',
  'TOKENS'
])

/**
 * What of an environment is hidden: values under names that say so by a whole word, unless they are nothing that only few
 * know, and passwords in addresses under any name.
 */
export function secretsOfEnvironment(env: Record<string, string>): Record<string, string> {
  const found: [string, string][] = []
  for (const [name, value] of Object.entries(env)) {
    if (namesSecret(name) && !isPlain(value)) found.push([name, value])
    else for (const password of passwordsIn(value)) if (!isPlain(password)) found.push([name, password])
  }
  return Object.fromEntries(found)
}

function namesSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').split(/[^A-Za-z]+/)
  return words.some(word => secretWords.has(word.toUpperCase()))
}

/** Of `https://user:password@host`. */
function passwordsIn(value: string): string[] {
  if (!value.includes('://') || !value.includes('@') || !URL.canParse(value)) return []
  const { password } = new URL(value)
  try {
    return [decodeURIComponent(password)]
  } catch {
    return [password]
  }
}
