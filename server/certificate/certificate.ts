/** In PEM. */
export interface Pems {
  cert: string
  key: string
}

/** By what this control plane shows that it is itself. */
export interface Certificate {
  readonly pems: Pems
  /** Of its public key; null: an authority vouches for it, and whoever calls can verify that. */
  readonly pin: string | null
  /** Another one where this one is about to end; null: it is good as it is. Never throws. */
  renewed(): Promise<Pems | null>
}
