import type { LucideIcon } from 'lucide-react'
import { type ComponentType, lazy } from 'react'
import type { screens } from '#contract/screens'

/** A page is handed the parameters of its path. */
export type Page = ComponentType<Record<string, string | undefined>>

/**
 * An entry of the navigation with the pages below it. A feature declares one as `screen` in its `screen.ts`, and one line of
 * `contract/screens.ts` makes it known to the server, routes, sidebar, drawer, keys and palette.
 */
export interface Screen {
  title: string
  /** Where its link leads. */
  path: (typeof screens)[number]
  icon: LucideIcon
  /** null: it has no entry in the navigation. */
  group: ScreenGroup | null
  /** `g` and a letter. */
  keys?: string
  /** By path, `:id` names a parameter; the first that fits counts. One that changes only parameters stays mounted. */
  pages: Readonly<Record<string, Page>>
  /** Pages that take all of the window, by path. */
  whole?: readonly string[]
  /** What can be made there from everywhere. */
  actions?: readonly { keys: string; label: string; path: string }[]
  /** A hook: how many things there wait for a person. */
  useWaiting?: () => number
}

export const screenGroups = ['work', 'observe', 'configure'] as const
export type ScreenGroup = (typeof screenGroups)[number]

/** A page that is loaded when it is first opened. Which parameters it names is for its own path to know. */
export function page<Props extends { id?: string }>(load: () => Promise<ComponentType<Props>>): Page {
  return lazy(() => load().then(component => ({ default: component as unknown as Page })))
}
