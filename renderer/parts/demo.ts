import { useMutation, useQueryClient } from '@tanstack/react-query'
import { plantDemo, removeDemo } from '#contract/demo'
import { call } from '../lib/call.ts'

/** Both change every list at once: all that is shown is asked for again. */
export function useDemo() {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries()
  return {
    plant: useMutation({ mutationFn: () => call(plantDemo), onSuccess }),
    remove: useMutation({ mutationFn: () => call(removeDemo), onSuccess })
  }
}
