import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { useEffect } from 'react'
import { desktopSignIn } from '../../lib/bridge.ts'
import { keys } from '../../lib/query-keys.ts'
import { BrandMark } from '../../ui/brand-mark.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import styles from './sign-in-page.module.css'

const command = 'npm start -- login-link'

export function SignInPage() {
  const signIn = desktopSignIn()
  return signIn ? <SignInAgain signIn={signIn} /> : <OpenYourLink />
}

/** The desktop has the proof itself: it tries once by itself, and again when asked. */
function SignInAgain({ signIn }: { signIn: () => Promise<void> }) {
  const queries = useQueryClient()
  const { mutate, error } = useMutation({
    mutationFn: signIn,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.me })
  })
  useEffect(() => mutate(), [mutate])
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

/** There is nothing to type here: the link carries the proof, so that no password exists that could be guessed. */
function OpenYourLink() {
  const queries = useQueryClient()
  useEffect(() => {
    document.title = 'Sign in · Flotilla'
    // The link may be opened in another tab of this browser; coming back here then is enough.
    const look = () => !document.hidden && void queries.invalidateQueries({ queryKey: keys.me })
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [queries])
  return (
    <div className={styles.page}>
      <main className={styles.card}>
        <div className={styles.brand}>
          <BrandMark size={24} />
          Flotilla
        </div>
        <h1>Open your sign-in link</h1>
        <p>
          The terminal that started Flotilla printed a link. Open it in this browser; it works once and signs this
          browser in for 30 days.
        </p>
        <p>Lost it, or used it? Print a fresh one in the folder of Flotilla:</p>
        <Copyable label="the command" text={command} />
        <Button onClick={() => void queries.invalidateQueries({ queryKey: keys.me })}>I opened it, check again</Button>
        <p className={styles.foot}>
          <Lock size={13} aria-hidden />
          {location.host}
        </p>
      </main>
    </div>
  )
}
