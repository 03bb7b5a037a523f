import { generateKeyPairSync } from 'node:crypto'
import { makeCertificate } from '../../server/certificate/make/make-certificate.ts'

const dayMs = 24 * 3_600_000

/** A certificate of these names that is good today, and its key. */
export async function certificateOf(...names: string[]): Promise<{ cert: string; key: string }> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const [notBefore, notAfter] = [new Date(Date.now() - dayMs), new Date(Date.now() + dayMs)]
  return { key, cert: await makeCertificate({ key, names, notBefore, notAfter }) }
}
