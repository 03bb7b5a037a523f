import { useMutation } from '@tanstack/react-query'
import { createLoginLink } from '#contract/people/login'
import { call, wordsOf } from '../../../lib/call.ts'
import { shortTimeOfDay } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import styles from './access.module.css'

export function LoginLink() {
  const link = useMutation({ mutationFn: () => call(createLoginLink, {}) })
  return (
    <>
      {link.data && (
        <>
          <Copyable label="the link" text={link.data.url} />
          <p className={styles.note}>Shown only now. It works once, until {shortTimeOfDay(link.data.expiresAt)}.</p>
        </>
      )}
      {link.error && (
        <p className={styles.fault} role="alert">
          {wordsOf(link.error)}
        </p>
      )}
      <Button disabled={link.isPending} onClick={() => link.mutate()}>
        {link.data ? 'Make another link' : 'Make a link'}
      </Button>
    </>
  )
}
