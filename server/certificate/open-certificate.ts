import { X509Certificate } from 'node:crypto'
import { type Config, ConfigError, makesCertificate } from '../config.ts'
import { pinOf } from '../pin.ts'
import type { Certificate, Pems } from './certificate.ts'
import { certificateMaker } from './maker.ts'
import { namesOf } from './names.ts'
import { OwnCertificate } from './own-certificate.ts'

/** Null: it speaks plain HTTP only. Throws ConfigError. */
export async function openCertificate(config: Config): Promise<Certificate | null> {
  if (config.tls) return given(config.tls)
  if (!makesCertificate(config)) return null
  const make = certificateMaker(config.outDir)
  return await OwnCertificate.open({ dataDir: config.dataDir, names: () => namesOf(config), make, now: Date.now })
}

/** One that is its own issuer is vouched for by nobody. */
function given(pems: Pems): Certificate {
  const certificate = read(pems.cert)
  return {
    pems,
    pin: certificate.checkIssued(certificate) ? pinOf(certificate) : null,
    renewed: () => Promise.resolve(null)
  }
}

function read(cert: string): X509Certificate {
  try {
    return new X509Certificate(cert)
  } catch (error) {
    throw new ConfigError(`--tls-cert holds no certificate in PEM: ${(error as Error).message}`)
  }
}
