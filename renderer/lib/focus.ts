/**
 * Focuses the row that a list was scrolled to: at once where it is drawn, as the neighbours of what is in view are, so that the
 * next key finds it there; else with the frame that draws it.
 */
export function focusRow(id: string): void {
  const row = document.getElementById(id)
  if (row) row.focus({ preventScroll: true })
  else requestAnimationFrame(() => document.getElementById(id)?.focus())
}

/** Of a form that was refused, once its faults are drawn. */
export function focusFirstFault(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
