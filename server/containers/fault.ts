import type { EngineTroubleCode } from '#contract/runners/engines'

/** Why an engine cannot be used; the message is its own words or those of the system, and may be none. */
export class EngineFault extends Error {
  override name = 'EngineFault'
  readonly code: EngineTroubleCode
  constructor(code: EngineTroubleCode, detail = '') {
    super(detail)
    this.code = code
  }
}

/** What the system, TLS, Node's HTTP and dockerode throw. */
interface Thrown {
  name?: unknown
  code?: unknown
  statusCode?: unknown
  message?: unknown
  /** What the engine said. */
  json?: unknown
}

const codes: Readonly<Record<string, EngineTroubleCode>> = {
  ENOENT: 'NOT_THERE',
  ENOTDIR: 'NOT_THERE',
  ENOTSOCK: 'NOT_AN_ENGINE',
  EPROTOTYPE: 'NOT_AN_ENGINE',
  EACCES: 'NOT_ALLOWED',
  EPERM: 'NOT_ALLOWED',
  EPROTO: 'NOT_TRUSTED',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'NOT_TRUSTED',
  SELF_SIGNED_CERT_IN_CHAIN: 'NOT_TRUSTED'
}

const ofTls = /^(CERT_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/

/** Any error of a call to an engine, as one of ours. */
export function faultOf(error: unknown): EngineFault {
  if (error instanceof EngineFault) return error
  const { code, statusCode, name, message, json } = (error ?? {}) as Thrown
  const said = (json as { message?: unknown } | null | undefined)?.message ?? message
  const words = typeof said === 'string' ? said.slice(0, 500) : ''
  if (typeof statusCode === 'number') return new EngineFault(ofStatus(statusCode), words)
  if (name === 'AbortError' || name === 'TimeoutError') return new EngineFault('NOT_ANSWERING')
  if (typeof code !== 'string') return new EngineFault('NOT_ANSWERING', words)
  if (ofTls.test(code)) return new EngineFault('NOT_TRUSTED', words)
  if (code.startsWith('HPE_')) return new EngineFault('NOT_AN_ENGINE', words)
  return new EngineFault(codes[code] ?? 'NOT_ANSWERING', words)
}

/** A desktop's proxy answers 5xx while its machine is down. */
function ofStatus(status: number): EngineTroubleCode {
  if (status === 401 || status === 403) return 'NOT_ALLOWED'
  return status >= 500 ? 'NOT_ANSWERING' : 'NOT_AN_ENGINE'
}
