/** Says a sentence to screen readers. The two regions stand in the shell. */
export function announce(text: string, urgency: 'polite' | 'assertive' = 'polite'): void {
  const region = document.getElementById(`announce-${urgency}`)
  if (!region) return
  // Emptied first: the same sentence twice would not be read again.
  region.textContent = ''
  requestAnimationFrame(() => {
    region.textContent = text
  })
}
