import styles from './avatar.module.css'

/** Two letters of a name, for the eye alone: the name stands beside it. */
export function Avatar({ name, small }: { name: string; small?: boolean }) {
  return (
    <span className={small ? `${styles.avatar} ${styles.small}` : styles.avatar} aria-hidden>
      {lettersOf(name)}
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
