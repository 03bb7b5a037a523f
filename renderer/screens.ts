import { screens as paths } from '#contract/screens'
import type { Screen } from './lib/screen.ts'

const declared = import.meta.glob<Screen>('./features/*/screen.ts', { eager: true, import: 'screen' })

/** Every screen there is, in the order of the navigation; the first is home. */
export const screens: readonly Screen[] = paths.flatMap(path =>
  Object.values(declared).filter(screen => screen.path === path)
)
