import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { ConfigError } from '../config.ts'
import { pinOf } from '../pin.ts'
import { writeWhole } from '../whole-file.ts'
import type { Certificate, Pems } from './certificate.ts'
import type { MakeCertificate } from './maker.ts'

const dayMs = 24 * 3_600_000
/** As long as browsers accept. */
const lifeMs = 397 * dayMs
/** One that ends sooner is renewed. */
const restMs = 90 * dayMs
/** A clock over there may be behind. */
const clockSlackMs = dayMs
/** Where it could not be renewed it is tried again after this. */
const retryMs = 3_600_000

interface Options {
  dataDir: string
  /** It is made out to them. */
  names(): string[]
  make: MakeCertificate
  now(): number
}

/**
 * A certificate that nobody vouches for, in the data folder. Its key stays when it is renewed, so whoever remembers the key
 * knows the next one too.
 */
export class OwnCertificate implements Certificate {
  private readonly options: Options
  private readonly key: KeyObject
  private cert: string
  private validTo: number
  private triedAt = 0

  private constructor(options: Options, key: KeyObject, cert: string) {
    this.options = options
    this.key = key
    this.cert = cert
    this.validTo = validToOf(cert)
  }

  /** The one of the data folder where it is still good, else a new one. Throws ConfigError. */
  static async open(options: Options): Promise<OwnCertificate> {
    try {
      const key = readKey(options.dataDir)
      const kept = readCertificate(options.dataDir)
      const cert = kept !== null && isGood(kept, key, options) ? kept : await make(options, key)
      return new OwnCertificate(options, key, cert)
    } catch (error) {
      if (error instanceof ConfigError) throw error
      throw new ConfigError(
        `No certificate could be made in ${options.dataDir}: ${error instanceof Error ? error.message : String(error)}. ` +
          'Give --tls-cert and --tls-key, or --insecure-http if you mean it.'
      )
    }
  }

  get pems(): Pems {
    return { cert: this.cert, key: pemOf(this.key) }
  }

  get pin(): string {
    return pinOf(new X509Certificate(this.cert))
  }

  async renewed(): Promise<Pems | null> {
    const now = this.options.now()
    if (this.validTo - now > restMs || now - this.triedAt < retryMs) return null
    this.triedAt = now
    const cert = await make(this.options, this.key).catch(() => null)
    if (cert === null) return null
    this.cert = cert
    this.validTo = validToOf(cert)
    return this.pems
  }
}

const keyFile = 'certificate.key'
const certificateFile = 'certificate.pem'

function readKey(dataDir: string): KeyObject {
  const file = join(dataDir, keyFile)
  const pem = readIfThere(file)
  if (pem !== null) {
    try {
      return createPrivateKey(pem)
    } catch {
      throw new ConfigError(
        `${file} holds no key. Put it back as it was, or move it away to begin with a new one; runners that were paired must then be paired again.`
      )
    }
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeWhole(file, pemOf(privateKey))
  return privateKey
}

/** Null: not there, or no certificate; another one is made in its place. */
function readCertificate(dataDir: string): string | null {
  const pem = readIfThere(join(dataDir, certificateFile))
  try {
    return pem === null ? null : new X509Certificate(pem) && pem
  } catch {
    return null
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function isGood(pem: string, key: KeyObject, { names, now }: Options): boolean {
  const certificate = new X509Certificate(pem)
  const isFor = (name: string) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined
  return (
    certificate.checkPrivateKey(key) &&
    Date.parse(certificate.validFrom) <= now() &&
    Date.parse(certificate.validTo) - now() > restMs &&
    names().every(isFor)
  )
}

async function make({ dataDir, names, make, now }: Options, key: KeyObject): Promise<string> {
  const from = now() - clockSlackMs
  const cert = await make({
    key: pemOf(key),
    names: names(),
    notBefore: new Date(from),
    notAfter: new Date(from + lifeMs)
  })
  writeWhole(join(dataDir, certificateFile), cert)
  return cert
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function validToOf(cert: string): number {
  return Date.parse(new X509Certificate(cert).validTo)
}
