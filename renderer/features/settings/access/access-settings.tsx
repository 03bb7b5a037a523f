import { useMe } from '../../../parts/who.ts'
import { SkeletonRows } from '../../../ui/notice.tsx'
import { Setting } from '../setting.tsx'
import { AccountForm } from './account-form.tsx'
import { LoginLink } from './login-link.tsx'
import { LoginList } from './login-list.tsx'
import { PasswordForm } from './password-form.tsx'
import { TwoSteps } from './two-steps.tsx'

/** How I get in, and where I am signed in. */
export function AccessSettings() {
  const me = useMe()
  if (!me) return <SkeletonRows height={80} rows={4} />
  const { user } = me
  return (
    <>
      <Setting title="You" note="Your name stands beside what you decide.">
        <AccountForm key={`${user.name} ${user.email}`} user={user} />
      </Setting>
      <Setting
        title="Password"
        note={
          user.hasPassword
            ? 'For a login by email in any browser that reaches Flotilla.'
            : 'You have none: you sign in by a link or from the desktop. The first one turns login by email on.'
        }
      >
        <PasswordForm has={user.hasPassword} email={user.email} />
      </Setting>
      <Setting title="Two-step login" note="A code of your phone besides the password.">
        <TwoSteps user={user} />
      </Setting>
      <Setting title="Another browser" note="A link signs one browser in as you, once, within 15 minutes.">
        <LoginLink />
      </Setting>
      <Setting title="Signed in" note="Where you are. A new password ends all but this one.">
        <LoginList userId={null} />
      </Setting>
    </>
  )
}
