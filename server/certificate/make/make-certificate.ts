import { createPrivateKey, createPublicKey } from 'node:crypto'
import { isIP } from 'node:net'
import { generate } from 'selfsigned'

interface Wish {
  /** Private, of P-256, in PEM. */
  key: string
  /** Host names and addresses. */
  names: readonly string[]
  notBefore: Date
  notAfter: Date
}

/** A certificate in PEM that is signed by its own key and can sign no other. */
export async function makeCertificate({ key, names, notBefore, notAfter }: Wish): Promise<string> {
  const privateKey = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const { cert } = await generate([{ name: 'commonName', value: 'Flotilla' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    keyPair: { privateKey, publicKey },
    notBeforeDate: notBefore,
    notAfterDate: notAfter,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map(name => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name }))
      }
    ]
  })
  return cert
}
