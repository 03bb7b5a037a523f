import { type ApiClient, createClient, overFetch } from '#contract/client'

/** Where a control plane answers, and what opens it. */
export interface Address {
  url: string
  ownerToken: string
}

/** Calls as the owner. */
export function clientAt({ url, ownerToken }: Address): ApiClient {
  return createClient({ transport: overFetch({ url, token: ownerToken }), timeoutMs: 5000 })
}
