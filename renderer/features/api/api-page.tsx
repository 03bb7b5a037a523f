import { ExternalLink, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { Button, Content, classOf } from '../../ui/button.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import styles from './api.module.css'
import { Faces } from './faces.tsx'
import { KeyForm, KeyOnce } from './key-form.tsx'
import { KeyList } from './key-list.tsx'
import { TryIt } from './try-it.tsx'

type Open = { form: 'new' } | { form: 'once'; key: string }

/** The API for other programs: where it answers, the keys that open it, and a first call. */
export function ApiPage() {
  const [open, setOpen] = useState<Open | null>(null)
  useEffect(() => {
    document.title = 'API · Flotilla'
  }, [])
  useHotkeys([{ keys: 'shift+n', label: 'New key', run: () => setOpen({ form: 'new' }) }])
  return (
    <>
      <Bar>
        <Title>API</Title>
        <Gap />
        <span className={styles.document}>
          <a href="/openapi.json" target="_blank" rel="noreferrer" className={classOf()}>
            <Content icon={ExternalLink}>OpenAPI file</Content>
          </a>
        </span>
        <Button look="primary" icon={Plus} onClick={() => setOpen({ form: 'new' })}>
          New key
        </Button>
      </Bar>
      <div className={styles.page}>
        <Faces />
        <KeyList />
        <TryIt />
      </div>
      {open?.form === 'new' && (
        <KeyForm
          onMade={key => setOpen({ form: 'once', key })}
          // What was made has its own dialog by then.
          onClose={() => setOpen(now => (now?.form === 'new' ? null : now))}
        />
      )}
      {open?.form === 'once' && <KeyOnce made={open.key} onClose={() => setOpen(null)} />}
    </>
  )
}
