import { useQuery, useQueryClient } from '@tanstack/react-query'
import { changeUser, listUsers, maxUsers, type User } from '#contract/people/users'
import { call } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'

const pageSize = 500

export function usePeople() {
  return useQuery({
    queryKey: keys.people,
    queryFn: async ({ signal }) => {
      const data: User[] = []
      for (let more = true; more && data.length < maxUsers; ) {
        const page = await call(listUsers, { query: { limit: pageSize, offset: data.length }, signal })
        data.push(...page.data)
        more = page.pagination.hasMore
      }
      return data
    }
  })
}

export function useAskAgain(): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: keys.people })
}

export function useChangePerson() {
  const again = useAskAgain()
  return async (id: string, change: Partial<Pick<User, 'name' | 'email' | 'role'>> & { password?: string }) => {
    await call(changeUser, { params: { id }, body: change })
    await again()
  }
}
