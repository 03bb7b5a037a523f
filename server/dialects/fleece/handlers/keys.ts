import { AppError, Missing } from '#contract/errors'
import { type Domain, isWhole, type Principal } from '../../../domain/domain.ts'
import * as keys from '../../../domain/people/keys.ts'
import { type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/keys.ts'
import { toTheirKey } from '../translate.ts'

const style = 'fleece'

export function keyRoutes(): Route[] {
  return [
    read(theirs.listApiKeys, ({ domain, principal }) => {
      const now = domain.clock.now()
      return ownKeys(domain, principal).map(key => toTheirKey(key, now))
    }),
    write(theirs.createApiKey, ({ domain, principal, body }) => {
      requireKeeper(domain, principal)
      const { expiresAt } = principal
      // Whoever holds a key that ends must not make one of it that does not.
      const until = expiresAt === null ? undefined : new Date(expiresAt).toISOString()
      const { id, name, prefix, key, createdAt } = keys.createKey(domain, { name: body.name, style, expiresAt: until })
      return { id, name, key, keyPrefix: prefix, createdAt }
    }),
    write(theirs.deleteApiKey, ({ domain, principal, params }) => {
      requireKeeper(domain, principal)
      if (!ownKeys(domain, principal).some(({ id }) => id === params.keyId)) throw new Missing('key', params.keyId)
      keys.deleteKey(domain, params.keyId)
      return { success: true as const }
    })
  ]
}

/** Of the person who calls, an admin too, and only those that are of this kind. */
function ownKeys(domain: Domain, { user }: Principal) {
  return keys.listKeys(domain).filter(key => key.userId === user.id && key.style === style)
}

/** The keys of this kind keep each other, as the document has it; any other credential must reach as far as its person. */
function requireKeeper(domain: Domain, principal: Principal): void {
  if (isWhole(principal) || ownKeys(domain, principal).some(({ id }) => principal.id === `key:${id}`)) return
  throw new AppError('FORBIDDEN', 'This needs a key of this kind, or a credential that reaches as far as its person')
}
