import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

/**
 * AES-256-GCM. A sealed value is version (1 byte) ‖ key id (4) ‖ nonce (12) ‖ tag (16) ‖ ciphertext. The version, the key id
 * and the context are authenticated: a value that is moved to another place does not open there.
 */
const version = 1
const keyIdBytes = 4
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + keyIdBytes

/** The value was sealed with another key, or changed since. */
export class CannotOpen extends Error {
  override name = 'CannotOpen'
}

export interface SealingKey {
  id: Buffer
  /** Bytes would be made one at each use, which costs more than the sealing. */
  key: KeyObject
}

export function seal(key: SealingKey, context: string, text: string): Buffer {
  const head = markOf(key)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce)
  cipher.setAAD(Buffer.concat([head, Buffer.from(context)]))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body])
}

/** How all that was sealed with a key begins. */
export function markOf(key: SealingKey): Buffer {
  return Buffer.concat([Buffer.of(version), key.id])
}

/** Throws CannotOpen. */
export function open(key: SealingKey, context: string, sealed: Buffer): string {
  const head = sealed.subarray(0, headBytes)
  if (head[0] !== version) throw new CannotOpen('It was sealed in another way')
  if (!head.subarray(1).equals(key.id)) throw new CannotOpen('It was sealed with another key')
  const nonce = sealed.subarray(headBytes, headBytes + nonceBytes)
  const tag = sealed.subarray(headBytes + nonceBytes, headBytes + nonceBytes + tagBytes)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.concat([head, Buffer.from(context)]))
    decipher.setAuthTag(tag)
    const body = sealed.subarray(headBytes + nonceBytes + tagBytes)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    throw new CannotOpen('It was changed since it was sealed')
  }
}
