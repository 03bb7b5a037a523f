import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { count, money } from '../../lib/format.ts'
import { namedEvery, scaleOf } from './chart-scale.ts'
import type { DailyCosts } from './daily-costs.ts'
import { dayWords, shortDay } from './dates.ts'
import { DayCard } from './day-card.tsx'
import styles from './day-chart.module.css'
import { seriesColor } from './series.tsx'

type Day = DailyCosts['days'][number]

interface Props {
  days: readonly Day[]
  names: readonly string[]
  /** What days to come are expected to cost. */
  forecast: ReadonlyMap<string, number>
  /** The budget of a day, USD. */
  limit: number | null
  chosen: string | null
  onChoose: (day: string | null) => void
}

const height = 232
const edge = { left: 44, top: 22, bottom: 24 }
const plot = height - edge.top - edge.bottom

/** Laid out at its real width, so that its words keep their size. The picture is for the eye; the buttons over it say the same. */
export function DayChart({ days, names, forecast, limit, chosen, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const [over, setOver] = useState<number | null>(null)
  const largest = Math.max(limit ?? 0, ...days.map(one => one.costUsd), ...forecast.values())
  const { top, step } = scaleOf(largest)
  const column = Math.max(0, width - edge.left) / days.length
  const heightOf = (usd: number) => (usd / top) * plot
  const shown = over === null ? undefined : days[over]
  return (
    <div ref={box} className={styles.chart} style={{ height }}>
      <svg width={width} height={height} aria-hidden>
        <Axis top={top} step={step} width={width} heightOf={heightOf} />
        {days.map((day, i) => {
          const x = edge.left + i * column
          const faded = chosen !== null && chosen !== day.day
          return (
            <Bar key={day.day} day={day} x={x} column={column} heightOf={heightOf} faded={faded} over={over === i} />
          )
        })}
        {days.map((day, i) => {
          const usd = forecast.get(day.day)
          const bar = barOf(edge.left + i * column, column)
          const y = edge.top + plot - heightOf(usd ?? 0)
          return usd ? <rect key={day.day} className={styles.forecast} {...bar} y={y} height={heightOf(usd)} /> : null
        })}
        <DayNames days={days} column={column} width={width} />
        {limit !== null && (
          <g className={styles.limit}>
            <path d={`M${edge.left} ${Math.round(edge.top + plot - heightOf(limit)) + 0.5}H${width}`} />
            <text x={width} y={edge.top + plot - heightOf(limit) - 6} textAnchor="end">
              Daily budget {money(limit)}
            </text>
          </g>
        )}
      </svg>
      <Columns
        days={days}
        labelOf={day => labelOf(day, names, forecast)}
        chosen={chosen}
        onOver={setOver}
        onChoose={onChoose}
      />
      {shown && over !== null && (
        <DayCard
          day={shown}
          names={names}
          expected={forecast.get(shown.day)}
          x={edge.left + (over + 0.5) * column}
          width={width}
        />
      )}
    </div>
  )
}

interface ColumnsProps {
  days: readonly Day[]
  labelOf: (day: Day) => string
  chosen: string | null
  onOver: (at: number | null) => void
  onChoose: (day: string | null) => void
}

/** One stop of the tab key; arrows walk, Enter chooses. */
function Columns({ days, labelOf, chosen, onOver, onChoose }: ColumnsProps) {
  const group = useRef<HTMLDivElement>(null)
  const [stop, setStop] = useState(0)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape') onOver(null)
    const to = { ArrowRight: stop + 1, ArrowLeft: stop - 1, Home: 0, End: days.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    group.current?.querySelectorAll('button')[Math.max(0, Math.min(days.length - 1, to))]?.focus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div
      ref={group}
      className={styles.columns}
      role="group"
      aria-label="Days. One that is chosen is what the tables show"
      style={{ left: edge.left }}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onOver(null)}
    >
      {days.map((day, i) => (
        <button
          key={day.day}
          type="button"
          tabIndex={i === Math.min(stop, days.length - 1) ? 0 : -1}
          aria-pressed={chosen === day.day}
          aria-label={labelOf(day)}
          onPointerEnter={() => onOver(i)}
          onFocus={() => {
            setStop(i)
            onOver(i)
          }}
          onBlur={() => onOver(null)}
          onClick={() => onChoose(chosen === day.day ? null : day.day)}
        />
      ))}
    </div>
  )
}

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return width
}

function barOf(x: number, column: number): { x: number; width: number } {
  const width = Math.max(1, Math.min(48, column * 0.66))
  return { x: x + (column - width) / 2, width }
}

interface BarProps {
  day: Day
  x: number
  column: number
  heightOf: (usd: number) => number
  faded: boolean
  over: boolean
}

function Bar({ day, x, column, heightOf, faded, over }: BarProps) {
  let base = edge.top + plot
  return (
    <g className={styles.bar} data-faded={faded || undefined}>
      {over && <rect className={styles.under} x={x} y={edge.top} width={column} height={plot} />}
      {day.parts.map((part, i) => {
        const high = heightOf(part.costUsd)
        base -= high
        // A hair between the parts, as long as it leaves something of them.
        const gap = high > 2 ? 1 : 0
        return (
          <rect
            key={seriesColor(i)}
            {...barOf(x, column)}
            y={base + gap}
            height={Math.max(0, high - gap)}
            fill={seriesColor(i)}
          />
        )
      })}
    </g>
  )
}

interface AxisProps {
  top: number
  step: number
  width: number
  heightOf: (usd: number) => number
}

function Axis({ top, step, width, heightOf }: AxisProps) {
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step)
  const digits = step >= 1 ? 0 : Math.ceil(-Math.log10(step))
  return lines.map(usd => {
    const y = Math.round(edge.top + plot - heightOf(usd)) + 0.5
    return (
      <g key={usd} className={styles.axis}>
        <path d={`M${edge.left} ${y}H${width}`} />
        <text x={edge.left - 8} y={y + 3.5} textAnchor="end">
          ${usd >= 10_000 ? `${usd / 1000}k` : usd.toFixed(digits)}
        </text>
      </g>
    )
  })
}

function DayNames({ days, column, width }: { days: readonly Day[]; column: number; width: number }) {
  const every = namedEvery(days.length, width - edge.left)
  return days.map(({ day }, i) =>
    i % every === 0 && edge.left + (i + 0.5) * column + 20 <= width ? (
      <text key={day} className={styles.dayName} x={edge.left + (i + 0.5) * column} y={height - 6} textAnchor="middle">
        {i === 0 || day.endsWith('-01') || every > 7 ? shortDay(day) : Number(day.slice(8))}
      </text>
    ) : null
  )
}

function labelOf(day: Day, names: readonly string[], forecast: ReadonlyMap<string, number>): string {
  const expected = forecast.get(day.day)
  if (day.runs === 0) return `${dayWords(day.day)}: ${expected ? `about ${money(expected)} expected` : 'no runs'}`
  const parts = day.parts.flatMap(({ costUsd }, i) => (costUsd > 0 ? `${names[i]} ${money(costUsd)}` : []))
  return [`${dayWords(day.day)}: ${money(day.costUsd)}`, count(day.runs, 'run'), ...parts].join(', ')
}
