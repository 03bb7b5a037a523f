import type { Certificate } from '../certificate/certificate.ts'
import { outerNames } from '../certificate/names.ts'
import { type Config, inUrl } from '../config.ts'

/** How other computers reach this control plane. */
export interface Addresses {
  /** The likeliest first; none: it listens on this computer only. */
  addresses(): string[]
  /** What a runner must find there; null: it verifies what it finds as everybody does, or there is no TLS. */
  pinAt(address: string): string | null
}

/** `url`: where this computer reaches it. */
export function createAddresses(config: Config, certificate: Certificate | null, url: () => string): Addresses {
  const scheme = certificate === null ? 'http' : 'https'
  const addresses = () => {
    const port = new URL(url()).port || '80'
    return outerNames(config).map(name => new URL(`${scheme}://${inUrl(name)}:${port}`).origin)
  }
  return {
    addresses,
    // Elsewhere is a proxy, with a certificate of its own.
    pinAt: address => (certificate !== null && addresses().includes(address) ? certificate.pin : null)
  }
}
