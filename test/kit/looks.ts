/** `.ci/long` looks at everything. */
const everyLook = Boolean(process.env.FLOTILLA_TEST_EVERYTHING)

/** Whether a page is looked at in this theme at this width: the gate takes light at a desk. */
export function isLooked(theme: 'light' | 'dark', width: number): boolean {
  return everyLook || (theme === 'light' && width >= 1024)
}

/** The themes in which anything is looked at. */
export const lookedThemes = (['light', 'dark'] as const).filter(theme => isLooked(theme, 1440))
