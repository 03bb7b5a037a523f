import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import styles from './sign-in-page.module.css'

const command = 'npm start -- login-link'

/** For who has no password: the link carries the proof, so that there is nothing that could be guessed. */
export function OpenYourLink({ onOpened }: { onOpened: () => void }) {
  return (
    <section className={styles.link} aria-labelledby="open-your-link">
      <h2 id="open-your-link">Or open your sign-in link</h2>
      <p>
        The terminal that started Flotilla printed one. It works once and signs this browser in for 30 days. Lost it, or
        used it? Print a fresh one in the folder of Flotilla:
      </p>
      <Copyable label="the command" text={command} />
      <Button onClick={onOpened}>I opened it, check again</Button>
    </section>
  )
}
