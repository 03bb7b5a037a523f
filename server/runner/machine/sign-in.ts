import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'smol-toml'
import type { RuntimeReport } from '#contract/runners/runners'
import type { SignIn, SignInFile } from '../runtimes/runtime.ts'
import type { Environment } from './environment.ts'

/** Whether a CLI has a credential that it would use. It says nothing about whether the credential still works. */
export async function signedIn(signIn: SignIn, env: Environment): Promise<RuntimeReport['signedIn']> {
  if (signIn.variables.some(name => env[name])) return 'yes'
  for (const file of signIn.files) if (await holds(file, env)) return 'yes'
  for (const file of signIn.unseen ?? []) if (await holds(file, env)) return 'unknown'
  return signIn.hiddenOn.includes(process.platform) ? 'unknown' : 'no'
}

async function holds(file: SignInFile, env: Environment): Promise<boolean> {
  const named = file.variable === null ? undefined : env[file.variable]
  const folder = named || resolve(env.HOME ?? homedir(), file.home)
  const text = await readFile(join(folder, file.file), 'utf8').catch(() => null)
  if (text === null) return false
  return file.key === null || valueAt(text, file.file.endsWith('.toml') ? parse : JSON.parse, file.key)
}

function valueAt(text: string, read: (text: string) => unknown, key: string): boolean {
  try {
    let value = read(text)
    for (const part of key.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part]
    return Boolean(value)
  } catch {
    return false
  }
}
