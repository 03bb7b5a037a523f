import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { previewSchedule } from '#contract/work/flow-triggers'
import { call } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { useRested } from '../../../lib/rested.ts'

interface Schedule {
  cron: string
  timezone: string
}

const restMs = 300

/** What the control plane makes of schedules, once the typing rests: the same that will start the flow. */
export function useSchedules(schedules: readonly Schedule[]) {
  const asked = JSON.parse(useRested(JSON.stringify(schedules), restMs)) as Schedule[]
  return useQueries({
    queries: asked.map(({ cron, timezone }) => ({
      queryKey: keys.schedule(cron, timezone),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call(previewSchedule, {
          query: { cron, ...(timezone.trim() !== '' && { timezone: timezone.trim() }) },
          signal
        }),
      enabled: cron.trim() !== '',
      placeholderData: keepPreviousData,
      // What comes next is another thing in a minute.
      staleTime: 30_000,
      retry: false
    }))
  })
}

const local = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC'
})

/** `2027-03-28T03:00:00+02:00` by the clocks that it names: Sun 28 Mar 03:00. */
export function localWords(time: string): string {
  return local.format(new Date(`${time.slice(0, 19)}Z`)).replaceAll(',', '')
}

/** What such a time is from UTC: UTC+2, UTC+5:30. */
export function offsetWords(time: string): string {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(time) ?? []
  if (sign === undefined || (hours === '00' && minutes === '00')) return 'UTC'
  return `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`
}
