import { type Call, createClient, overFetch } from '#contract/client'

/** Where a control plane answers, and what opens it. */
export interface Address {
  url: string
  ownerToken: string
}

/** Calls as the owner. */
export function callAt({ url, ownerToken }: Address): Call {
  return createClient({ transport: overFetch({ url, token: ownerToken }), timeoutMs: 5000 })
}
