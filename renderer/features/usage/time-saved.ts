import type { z } from 'zod'
import type { getWorkforce } from '#contract/money/workforce'
import { count } from '../../lib/format.ts'

type Figures = z.output<typeof getWorkforce.output>['total']

/** How the time saved came about: what flows say of their runs, and what is assumed of all others. */
export function arithmeticOf({ succeeded, valued }: Pick<Figures, 'succeeded' | 'valued'>, minutes: number): string {
  const others = succeeded - valued.runs
  const each = others === 1 ? '' : ' each'
  const assumed = `${count(others, 'done run')} of ${count(minutes, 'minute')}${each}, as is assumed`
  if (valued.runs === 0) return assumed
  const said = `${count(valued.runs, 'done run')} of flows that say ${hours(valued.humanMinutes)} in all`
  return valued.runs === succeeded ? said : `${said}, and ${assumed}`
}

/** 40 min, 3.5 h. */
export function hours(minutes: number): string {
  return minutes < 60 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`
}
