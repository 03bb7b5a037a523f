import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import { wordsOf } from '../lib/call.ts'
import { useHotkeys } from '../lib/hotkeys.ts'
import { Glyph } from './glyph.tsx'
import { Shortcut } from './key.tsx'
import styles from './toast.module.css'

interface Action {
  label: string
  keys: string
  run: () => void
  /** How long it can still be done. The toast goes then, whoever looks at it. */
  forMs: number
}

interface Toast {
  id: number
  tone: 'done' | 'failed'
  text: string
  action: Action | null
}

const shownAtOnce = 3
const lifeMs = 6000
const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }))
let lastId = 0

/** Only for the result of the person's own action, where it cannot be seen otherwise. Failures stay until dismissed. */
export function toast(text: string, tone: Toast['tone'] = 'done', action: Action | null = null): void {
  lastId += 1
  const added = { id: lastId, tone, text, action }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, added].slice(-shownAtOnce) }))
}

export function toastFailure(error: unknown): void {
  toast(wordsOf(error), 'failed')
}

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter(one => one.id !== id) }))
}

export function Toasts() {
  const toasts = useToasts(state => state.toasts)
  return (
    <div className={styles.toasts} role="status">
      {toasts.map(one => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </div>
  )
}

function ToastCard({ toast: { id, tone, text, action } }: { toast: Toast }) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (!action && (held || tone === 'failed')) return
    const timer = setTimeout(() => dismiss(id), action?.forMs ?? lifeMs)
    return () => clearTimeout(timer)
  }, [held, tone, id, action])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only keeps it from leaving
    <div className={styles.toast} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}>
      <Glyph tone={tone} />
      <span className={styles.text}>{text}</span>
      {action && <ActionButton action={action} onDone={() => dismiss(id)} />}
      <button type="button" className={styles.close} aria-label="Dismiss" onClick={() => dismiss(id)}>
        <X size={14} aria-hidden />
      </button>
    </div>
  )
}

function ActionButton({ action: { label, keys, run }, onDone }: { action: Action; onDone: () => void }) {
  const act = () => {
    onDone()
    run()
  }
  useHotkeys([{ keys, label, run: act }])
  return (
    <button type="button" className={styles.action} onClick={act}>
      {label} <Shortcut keys={keys} />
    </button>
  )
}
