import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { copy } from '../lib/clipboard.ts'
import styles from './copyable.module.css'

interface Props {
  /** What it is, for the name of the button: Copy the command. */
  label: string
  text: string
}

/** Something to type elsewhere, in a well with Copy. Where the browser refuses, it is selected to be copied by hand. */
export function Copyable({ label, text }: Props) {
  const well = useRef<HTMLPreElement>(null)
  const [said, setSaid] = useState<'' | 'Copied' | 'Selected'>('')
  const take = async () => {
    if (await copy(text)) return setSaid('Copied')
    if (well.current) getSelection()?.selectAllChildren(well.current)
    setSaid('Selected')
  }
  return (
    <div className={styles.copyable}>
      <pre ref={well} className={styles.text}>
        {text}
      </pre>
      <button type="button" className={styles.button} aria-label={`Copy ${label}`} onClick={() => void take()}>
        {said === 'Copied' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        <span role="status">{said || 'Copy'}</span>
      </button>
    </div>
  )
}
