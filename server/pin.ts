import { createHash, type X509Certificate } from 'node:crypto'

/** SHA-256 of the public key of a certificate, in base64url. A certificate that is renewed with its key has the same. */
export function pinOf({ publicKey }: Pick<X509Certificate, 'publicKey'>): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
}
