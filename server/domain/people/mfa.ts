import { randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { AppError, fieldError } from '#contract/errors'
import type { UserRow } from '../../store/people/users.ts'
import { CannotOpen } from '../../vault/envelope.ts'
import { type Domain, recordChange } from '../domain.ts'
import { hashToken } from './credentials.ts'
import { requireSelf } from './users.ts'

const recoveryCodes = 10
/** Seconds by which the clock of a phone may be off: one time step. */
const tolerance = 30

export interface Enrolment {
  secret: string
  otpauthUrl: string
  recoveryCodes: string[]
}

/** A new secret, not yet in force; it replaces one that was never confirmed. */
export function enrol(domain: Domain): Enrolment {
  const row = requireSelf(domain)
  if (row.totp_confirmed_at !== null) throw new AppError('MFA_STATE', 'Two-step login is on; turn it off first')
  const secret = generateSecret()
  const codes = Array.from({ length: recoveryCodes }, newRecoveryCode)
  domain.store.users.update(row.id, {
    totp_sealed: domain.vault.seal(contextOf(row), secret),
    totp_last_step: 0,
    updated_at: domain.clock.now()
  })
  domain.store.users.setRecoveryCodes(row.id, codes.map(hashOfCode))
  const otpauthUrl = generateURI({ issuer: 'Flotilla', label: row.email, secret })
  return { secret, otpauthUrl, recoveryCodes: codes }
}

/** 80 random bits: a plain hash of it cannot be turned back. */
function newRecoveryCode(): string {
  return (randomBytes(10).toString('hex').match(/.{5}/g) ?? []).join('-')
}

/** As people type it: with other dashes, spaces and capitals. */
function hashOfCode(code: string): string {
  return hashToken(code.toLowerCase().replace(/[^0-9a-f]/g, ''))
}

function contextOf({ id }: UserRow): string {
  return `totp:${id}`
}

export function confirm(domain: Domain, code: string): void {
  const row = requireSelf(domain)
  if (row.totp_sealed === null || row.totp_confirmed_at !== null)
    throw new AppError('MFA_STATE', 'Begin with /auth/mfa/enrol; there is nothing to confirm')
  if (!spendTotp(domain, row, code)) throw wrongCode()
  domain.store.users.update(row.id, { totp_confirmed_at: domain.clock.now() })
  recordChange(domain, 'user', 'changed', row.id)
}

export function disable(domain: Domain, code: string): void {
  const row = requireSelf(domain)
  if (row.totp_confirmed_at === null) throw new AppError('MFA_STATE', 'Two-step login is not on')
  if (!spendCode(domain, row.id, code)) throw wrongCode()
  domain.store.users.update(row.id, { totp_sealed: null, totp_confirmed_at: null })
  domain.store.users.setRecoveryCodes(row.id, [])
  recordChange(domain, 'user', 'changed', row.id)
}

function wrongCode(): AppError {
  return fieldError('WRONG_CODE', 'code', 'is wrong, or was used before', 'is wrong')
}

/** Inside a write: whether a code is right; then it is not any more. Throws MFA_STATE when codes cannot be checked. */
export function spendCode(domain: Domain, userId: string, code: string): boolean {
  const row = domain.store.users.byId(userId)
  if (!row || row.totp_confirmed_at === null) return false
  return /^\d{6}$/.test(code)
    ? spendTotp(domain, row, code)
    : domain.store.users.spendRecoveryCode(row.id, hashOfCode(code))
}

function spendTotp(domain: Domain, row: UserRow, code: string): boolean {
  if (row.totp_sealed === null || !/^\d{6}$/.test(code)) return false
  const result = verifySync({
    secret: openSecret(domain, row, row.totp_sealed),
    token: code,
    epoch: Math.floor(domain.clock.now() / 1000),
    epochTolerance: tolerance,
    ...(row.totp_last_step > 0 ? { afterTimeStep: row.totp_last_step } : {})
  })
  if (!result.valid || !('timeStep' in result)) return false
  domain.store.users.update(row.id, { totp_last_step: result.timeStep })
  return true
}

function openSecret({ vault }: Pick<Domain, 'vault'>, row: UserRow, sealed: Buffer): string {
  try {
    return vault.open(contextOf(row), sealed)
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error
    throw new AppError(
      'MFA_STATE',
      'The key of the data folder changed, so that codes cannot be checked. Use a recovery code, then set two-step login up again'
    )
  }
}
