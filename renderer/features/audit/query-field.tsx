import { Search } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { FindField } from '../../ui/find-field.tsx'
import styles from './audit.module.css'
import type { AuditAddress } from './audit-address.ts'
import { parsedQuery } from './audit-query.ts'

/** Fields that are typed become filters beside it on Enter; words stay. */
export function QueryField({ address }: { address: AuditAddress }) {
  const search = address.asked.search ?? ''
  const [text, setText] = useState(search)
  const [fault, setFault] = useState<string | null>(null)
  const id = useId()
  // Back and forward change the address; the field follows.
  useEffect(() => {
    setText(search)
    setFault(null)
  }, [search])
  const submit = () => {
    const parsed = parsedQuery(text)
    setFault(parsed.fault)
    if (parsed.fault !== null) return
    setText(parsed.asked.search ?? '')
    address.go({ search: null, ...parsed.asked, entry: null })
  }
  return (
    <>
      <FindField
        icon={Search}
        className={styles.query}
        label="Filter by words, or by fields such as actor:you"
        placeholder="actor:you action:approval.*"
        keyLabel="Filter the log"
        spellCheck={false}
        autoComplete="off"
        aria-describedby={fault === null ? undefined : id}
        aria-invalid={fault === null ? undefined : true}
        text={text}
        onText={typed => {
          setText(typed)
          setFault(null)
        }}
        onEnter={submit}
        onEscape={() => {
          setText(search)
          setFault(null)
        }}
      />
      {fault !== null && (
        <p id={id} className={styles.fault} role="alert">
          {fault}
        </p>
      )}
    </>
  )
}
