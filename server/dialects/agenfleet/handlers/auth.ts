import type { User } from '#contract/people/users'
import { type Call, type Route, type Services, wait } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/auth.ts'
import * as translate from '../translate.ts'

export function authRoutes({ logins }: Services): Route[] {
  async function admit(call: Call, user: User) {
    const { token } = await logins.giveToken(call, user, 'agenfleet')
    return { token, user: translate.toTheirUser(user) }
  }
  return [
    wait(theirs.login, async call => {
      const { user, mfaToken } = await logins.checkPassword(call, call.body)
      return user === null ? { mfaRequired: true as const, mfaToken } : await admit(call, user)
    }),
    wait(theirs.verifyMfa, async call => admit(call, await logins.checkCode(call, call.body)))
  ]
}
