import { randomBytes } from 'node:crypto'
import { decodeJwt, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { CannotOpen } from '../../vault/envelope.ts'
import type { Domain } from '../domain.ts'

const algorithm = 'HS256'
const issuer = 'flotilla'
const setting = 'jwtSecret'

/** What a token says of itself: it is login `id` of a person, given out by a face. */
interface TokenClaims {
  id: string
  userId: string
  face: string
}

const payload = z.object({ jti: z.string(), sub: z.string(), face: z.string() })

export interface Tokens {
  sign(claims: TokenClaims, expiresAt: number): Promise<string>
  /** Null for what this installation did not sign, or what has expired. */
  verify(token: string): Promise<Pick<TokenClaims, 'id' | 'userId'> | null>
}

/** JSON Web Tokens, signed with a key that lies sealed in the store. Whether one still counts is for its login to say. */
export function createTokens(domain: Domain): Tokens {
  let key: Promise<Uint8Array> | null = null

  function signingKey(): Promise<Uint8Array> {
    key ??= domain.store.writer
      .write(() => storedKey(domain))
      .catch(error => {
        key = null
        throw error
      })
    return key
  }

  return {
    async sign({ id, userId, face }, expiresAt) {
      return await new SignJWT({ face })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(userId)
        .setJti(id)
        .setIssuedAt(new Date(domain.clock.now()))
        .setExpirationTime(new Date(expiresAt))
        .sign(await signingKey())
    },
    async verify(token) {
      const currentDate = new Date(domain.clock.now())
      const options = { algorithms: [algorithm], issuer, currentDate, requiredClaims: ['exp', 'jti', 'sub'] }
      try {
        const verified = await jwtVerify(token, await signingKey(), options)
        const { jti, sub } = payload.parse(verified.payload)
        return { id: jti, userId: sub }
      } catch {
        return null
      }
    }
  }
}

/** Made at the first need, and again when the key of the installation is another one by now. */
function storedKey({ store, vault }: Pick<Domain, 'vault' | 'store'>): Uint8Array {
  const fresh = randomBytes(32).toString('base64')
  const stored = store.settings.getOrSet(setting, vault.seal(setting, fresh).toString('base64'))
  try {
    return Buffer.from(vault.open(setting, Buffer.from(stored, 'base64')), 'base64')
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error
    store.settings.set(setting, vault.seal(setting, fresh).toString('base64'))
    return Buffer.from(fresh, 'base64')
  }
}

export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
}

/** The face that a token says it is for, before anybody has looked whether it is any good. */
export function claimedFace(token: string): string | null {
  try {
    return payload.parse(decodeJwt(token)).face
  } catch {
    return null
  }
}
