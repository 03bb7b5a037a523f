import { useMe } from './who.ts'

/** Why who is signed in may change nothing; null: they may. */
export function useReadOnly(): string | null {
  const me = useMe()
  return !me || me.scopes.includes('write') ? null : 'You may look, not change: an admin can give you another role'
}
