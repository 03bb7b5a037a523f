/** What is handed to a runner so that it can join: where to call, what to say there once, and whom to expect. */
export interface PairingCode {
  /** Of the control plane, without a slash at its end. */
  address: string
  secret: string
  /** SHA-256 of the public key that must answer there, in base64url; null: it is verified as any address of the web. */
  pin: string | null
}

const prefix = 'flp_'
const form = /^flp_([0-9a-f]{48})\.(?:([\w-]{43})\.)?([0-9a-z]{7})@(https?:\/\/\S+)$/

/** One word without anything that a shell would read; who looks at it sees where it leads. */
export function writePairingCode(code: PairingCode): string {
  return `${prefix}${[code.secret, ...(code.pin === null ? [] : [code.pin]), checkOf(code)].join('.')}@${code.address}`
}

/** Null: this is none, or it was not copied whole. */
export function readPairingCode(text: string): PairingCode | null {
  const [, secret, pin = null, check, address] = form.exec(text.trim()) ?? []
  if (secret === undefined || address === undefined) return null
  const code = { address, secret, pin }
  return check === checkOf(code) ? code : null
}

/** Finds what was mistyped, and nothing else: FNV-1a in 32 bits. */
function checkOf({ secret, pin, address }: PairingCode): string {
  let hash = 0x811c9dc5
  for (const character of `${secret} ${pin} ${address}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return (hash >>> 0).toString(36).padStart(7, '0')
}
