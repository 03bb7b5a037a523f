import { type Role, roles, type User } from '#contract/people/users'

/** From the least to the most; each may also do what those before it may. */
export const roleMeanings: readonly { role: Role; title: string; means: string }[] = [
  { role: 'viewer', title: 'Viewer', means: 'Sees what is theirs, and changes nothing.' },
  { role: 'member', title: 'Member', means: 'Also makes agents and tasks, runs them and answers what they ask.' },
  { role: 'admin', title: 'Admin', means: 'Also sees everything, and looks after people, runners and data.' },
  { role: 'owner', title: 'Owner', means: 'Also makes and removes owners. There is always one.' }
]

export function titleOfRole(role: Role): string {
  return roleMeanings.find(one => one.role === role)?.title ?? role
}

/** Roles that somebody may give. */
export function givenBy(me: Pick<User, 'role'>): readonly Role[] {
  return roles.filter(role => role !== 'owner' || me.role === 'owner').toReversed()
}

/** Why the role of a person is as it is for the one who looks; null: it can be changed. */
export function whyFixed(person: User, me: User, all: readonly User[]): string | null {
  if (person.role === 'owner' && all.filter(one => one.role === 'owner').length === 1)
    return 'The only owner: make another one first'
  if (person.id === me.id) return 'Your own role is for another owner or admin to change'
  if (person.role === 'owner' && me.role !== 'owner') return 'Only an owner can change an owner'
  return null
}

/** Why a person cannot be removed by the one who looks; null: they can. */
export function whyKept(person: User, me: User, all: readonly User[]): string | null {
  if (person.id === me.id) return 'You cannot remove yourself here'
  return whyFixed(person, me, all)
}
