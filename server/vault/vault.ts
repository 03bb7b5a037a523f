import { createHash, createHmac, createSecretKey } from 'node:crypto'
import { markOf, open, type SealingKey, seal } from './envelope.ts'

export const keyBytes = 32

/** Seals and opens texts with the one data key of an installation. */
export interface Vault {
  /** `context` says what the value is; it must be the same to open it. */
  seal(context: string, text: string): Buffer
  /** Throws CannotOpen. */
  open(context: string, sealed: Buffer): string
  /** How all that was sealed with this key begins: what begins otherwise does not open. */
  mark: Buffer
  /** A fingerprint that tells nothing to who does not have the key, however short the text. */
  fingerprint(context: string, text: string): string
}

export function createVault(dataKey: Buffer): Vault {
  if (dataKey.length !== keyBytes) throw new Error(`a data key has ${keyBytes} bytes`)
  const key: SealingKey = {
    key: createSecretKey(dataKey),
    id: createHash('sha256').update('id').update(dataKey).digest().subarray(0, 4)
  }
  return {
    seal: (context, text) => seal(key, context, text),
    open: (context, sealed) => open(key, context, sealed),
    mark: markOf(key),
    fingerprint: (context, text) => createHmac('sha256', key.key).update(`${context}\n${text}`).digest('hex')
  }
}
