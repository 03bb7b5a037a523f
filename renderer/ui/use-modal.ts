import { type MouseEvent, useEffect, useRef } from 'react'

/** Opens the browser's own modal dialog while its component is there: it traps focus, closes on Escape and gives focus back. */
export function useModal() {
  const ref = useRef<HTMLDialogElement>(null)
  const close = () => ref.current?.close()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return {
    ref,
    close,
    /** For a click: one beside the dialog is one on the dialog itself. */
    closeBeside: (event: MouseEvent) => event.target === ref.current && close()
  }
}
