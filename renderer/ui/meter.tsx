import styles from './meter.module.css'

interface Props {
  value: number
  max: number
  label: string
  text: string
  warn?: boolean
}

export function Meter({ value, max, label, text, warn }: Props) {
  const share = max > 0 ? Math.min(1, value / max) : 0
  return (
    // biome-ignore lint/a11y/useSemanticElements: the browsers' own meter cannot be styled alike
    <div
      className={styles.meter}
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      data-warn={warn || undefined}
    >
      <span style={{ transform: `scaleX(${share})` }} />
    </div>
  )
}
