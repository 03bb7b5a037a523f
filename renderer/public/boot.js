// Runs before the first paint, so that a stored theme never flashes. lib/preferences.ts keeps the same keys.
;(() => {
  const root = document.documentElement
  let stored = {}
  try {
    stored = JSON.parse(localStorage.getItem('flotilla.preferences') ?? '{}') ?? {}
  } catch {
    // A blocked or damaged store means: as the system has it.
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : dark ? 'dark' : 'light'
  if (stored.density === 'comfortable') root.dataset.density = 'comfortable'
})()
