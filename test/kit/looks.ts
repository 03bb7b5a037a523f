/** `.ci/long` looks at everything. */
const everyLook = Boolean(process.env.FLOTILLA_TEST_EVERYTHING)

/** Whether a page is looked at in this theme at this width: the gate takes light at a desk and dark on a phone. */
export function isLooked(theme: 'light' | 'dark', width: number): boolean {
  return everyLook || (theme === 'light') === width >= 1024
}
