import { Search } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { Shortcut } from '../../ui/key.tsx'
import styles from './audit.module.css'
import type { AuditAddress } from './audit-address.ts'
import { parsedQuery } from './audit-query.ts'

/** Fields that are typed become filters beside it on Enter; words stay. */
export function QueryField({ address }: { address: AuditAddress }) {
  const field = useRef<HTMLInputElement>(null)
  const search = address.asked.search ?? ''
  const [text, setText] = useState(search)
  const [fault, setFault] = useState<string | null>(null)
  const id = useId()
  // Back and forward change the address; the field follows.
  useEffect(() => {
    setText(search)
    setFault(null)
  }, [search])
  useHotkeys([{ keys: '/', label: 'Filter the log', run: () => field.current?.select() }])
  const submit = () => {
    const parsed = parsedQuery(text)
    setFault(parsed.fault)
    if (parsed.fault !== null) return
    setText(parsed.asked.search ?? '')
    address.go({ search: null, ...parsed.asked, entry: null })
  }
  return (
    <>
      <label className={styles.query}>
        <Search size={14} aria-hidden />
        <span className="hidden-label">Filter by words, or by fields such as actor:you</span>
        <input
          ref={field}
          type="search"
          placeholder="actor:you action:approval.*"
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={fault === null ? undefined : id}
          aria-invalid={fault === null ? undefined : true}
          value={text}
          onChange={event => {
            setText(event.target.value)
            setFault(null)
          }}
          onKeyDown={event => {
            if (event.key === 'Enter') submit()
            if (event.key !== 'Escape') return
            setText(search)
            setFault(null)
            event.currentTarget.blur()
          }}
        />
        <span className={styles.slash} aria-hidden>
          <Shortcut keys="/" />
        </span>
      </label>
      {fault !== null && (
        <p id={id} className={styles.fault} role="alert">
          {fault}
        </p>
      )}
    </>
  )
}
