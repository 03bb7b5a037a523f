import crypto, { timingSafeEqual } from 'node:crypto'
import { argon2id } from 'hash-wasm'

interface Cost {
  /** In KiB. */
  memory: number
  passes: number
  parallelism: number
}

/** Makes 32 bytes of a password and its salt. */
export type Argon2id = (password: string, salt: Buffer, cost: Cost) => Promise<Buffer>

/** What OWASP advises. */
const advised: Cost = { memory: 19_456, passes: 2, parallelism: 1 }
const saltBytes = 16
const tagLength = 32

/** OpenSSL's. Throws where Node is built on something else, as in Electron. */
export const native: Argon2id = async (message, nonce, cost) =>
  crypto.argon2Sync('argon2id', { message, nonce, tagLength, ...cost })

/** The same everywhere, in thrice the time; its memory is garbage, and the threads that collect it slow the others down. */
export const portable: Argon2id = async (password, salt, { memory: memorySize, passes: iterations, parallelism }) =>
  Buffer.from(
    await argon2id({ password, salt, memorySize, iterations, parallelism, hashLength: tagLength, outputType: 'binary' })
  )

export async function fastest(): Promise<Argon2id> {
  try {
    await native('', crypto.randomBytes(saltBytes), { memory: 8, passes: 1, parallelism: 1 })
    return native
  } catch {
    return portable
  }
}

/** As a PHC string: it says how it was made. */
export async function hashPassword(make: Argon2id, password: string): Promise<string> {
  const salt = crypto.randomBytes(saltBytes)
  const { memory, passes, parallelism } = advised
  const cost = `m=${memory},t=${passes},p=${parallelism}`
  return `$argon2id$v=19$${cost}$${base64(salt)}$${base64(await make(password, salt, advised))}`
}

/** Throws for a text that `hashPassword` did not make. */
export async function matchesHash(make: Argon2id, password: string, text: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', hash = ''] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(text) ?? []
  const wanted = Buffer.from(hash, 'base64')
  if (wanted.length !== tagLength) throw new Error('This is no argon2id hash of ours')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  return timingSafeEqual(await make(password, Buffer.from(salt, 'base64'), cost), wanted)
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
