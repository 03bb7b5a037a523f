import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Lock, Network } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { triesPerQuarterHour } from '#contract/people/login'
import { desktopSignIn } from '../../lib/bridge.ts'
import { keys } from '../../lib/query-keys.ts'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeStep } from './code-step.tsx'
import { OpenYourLink } from './open-your-link.tsx'
import { PasswordStep } from './password-step.tsx'
import styles from './sign-in-page.module.css'

export function SignInPage() {
  const signIn = desktopSignIn()
  return signIn ? <SignInAgain signIn={signIn} /> : <SignIn />
}

/** The desktop has the proof itself: it tries once by itself, and again when asked. */
function SignInAgain({ signIn }: { signIn: () => Promise<void> }) {
  const queries = useQueryClient()
  const { mutate, error } = useMutation({
    mutationFn: signIn,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.me })
  })
  useEffect(() => {
    mutate()
  }, [mutate])
  return (
    <div className={styles.page}>
      <main className={styles.card}>
        <h1>Your session ended</h1>
        <p>{error ? `A new one could not be started: ${error.message}` : 'Starting a new one.'}</p>
        <Button onClick={() => mutate()}>Sign in again</Button>
      </main>
    </div>
  )
}

/** By password and, where it is on, a code; or by a link that carries the proof. What was typed stays on the way back. */
function SignIn() {
  const queries = useQueryClient()
  const [email, setEmail] = useState('')
  const [mfaToken, setMfaToken] = useState<string | null>(null)
  const enter = () => void queries.invalidateQueries({ queryKey: keys.me })
  useEffect(() => {
    document.title = 'Sign in · Flotilla'
    // A link may be opened in another tab of this browser; coming back here then is enough.
    const look = () => !document.hidden && void queries.invalidateQueries({ queryKey: keys.me })
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [queries])
  if (mfaToken !== null)
    return (
      <Frame>
        <CodeStep mfaToken={mfaToken} onEnter={enter} onBack={() => setMfaToken(null)} />
      </Frame>
    )
  return (
    <Frame>
      <PasswordStep email={email} onEmail={setEmail} onEnter={enter} onCodeNeeded={setMfaToken} />
      <OpenYourLink onOpened={enter} />
    </Frame>
  )
}

/** Says where it is served from: it may be another computer than this one. */
function Frame({ children }: { children: ReactNode }) {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)
  const Icon = location.protocol === 'https:' || local ? Lock : Network
  const where = local ? 'this computer only' : location.protocol === 'https:' ? 'encrypted' : 'not encrypted'
  return (
    <div className={styles.page}>
      <main className={styles.card}>
        <div className={styles.brand}>
          <BrandMark size={24} />
          Flotilla
        </div>
        {children}
      </main>
      <footer className={styles.foot}>
        <Icon size={13} aria-hidden />
        {location.host}, {where}. {triesPerQuarterHour} tries in 15 minutes.
      </footer>
    </div>
  )
}
