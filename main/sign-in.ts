import { session } from 'electron'
import { createLoginLink } from '#contract/people/login'
import { clientAt } from './client.ts'
import type { JoinedControlPlane } from './control-plane.ts'

/** Gives all windows a login. The cookie has no date, so that it is never written to the disk. */
export async function signIn(controlPlane: JoinedControlPlane): Promise<void> {
  const { url } = await clientAt(controlPlane)(createLoginLink)
  const answer = await fetch(url, { redirect: 'manual' })
  const [name, value] = answer.headers.getSetCookie()[0]?.split(';')[0]?.split('=') ?? []
  if (!name || !value) throw new Error(`The control plane at ${controlPlane.url} gave no session (${answer.status})`)
  await session.defaultSession.cookies.set({
    url: controlPlane.origin,
    name,
    value,
    httpOnly: true,
    sameSite: 'strict',
    secure: controlPlane.origin.startsWith('https:')
  })
}
