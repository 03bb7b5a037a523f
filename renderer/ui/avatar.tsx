import styles from './avatar.module.css'

interface Props {
  name: string
  /** A sign that a person chose for it, in place of the letters. */
  glyph?: string | null
  size?: 'small' | 'large'
}

/** Two letters of a name, for the eye alone: the name stands beside it. */
export function Avatar({ name, glyph, size }: Props) {
  return (
    <span className={size ? `${styles.avatar} ${styles[size]}` : styles.avatar} aria-hidden>
      {glyph || lettersOf(name)}
    </span>
  )
}

/** release-pilot → rp, Scout → sc, Run #12 → #. */
function lettersOf(name: string): string {
  if (/#\d+$/.test(name)) return '#'
  const [first = '', second] = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0], [...second][0]]
  return letters.join('').toLocaleLowerCase()
}
