import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { listAgents } from '#contract/fleet/agents'
import { type Budget, changeBudget, createBudget, deleteBudget, listBudgets } from '#contract/money/budgets'
import { type CostSplit, getCosts, getDailyCosts, getForecast, listAdvice } from '#contract/money/costs'
import { getWorkforce } from '#contract/money/workforce'
import { call } from '../../lib/call.ts'
import { onChanges } from '../../lib/live.ts'
import { keys } from '../../lib/query-keys.ts'
import type { Period, Range } from './dates.ts'
import type { UsageAddress } from './usage-address.ts'

/** The most that the API gives at once. */
export const most = 500
/** Series of the chart that are told apart. */
const apart = 2
/** Sums of many runs follow their changes at most this often. */
const followMs = 2000

type Whose = Pick<UsageAddress, 'agentId' | 'runtime'>
interface Of extends Whose {
  range: Range
}

const agentOf = (agentId: string | null) => (agentId === null ? {} : { agentId })
/** As the API takes it. */
const whoseOf = ({ agentId, runtime }: Whose) => ({
  ...agentOf(agentId),
  ...(runtime === null ? {} : { runtime })
})

export function useCosts({ range, ...whose }: Of, enabled = true) {
  const query = { ...range, ...whoseOf(whose) }
  return useQuery({
    queryKey: keys.money('costs', query),
    queryFn: ({ signal }) => call(getCosts, { query, signal }),
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    enabled
  })
}

export function useDailyCosts({ range, ...whose }: Of, split: CostSplit) {
  const query = { ...range, split, apart, ...whoseOf(whose) }
  return useQuery({
    queryKey: keys.money('days', query),
    queryFn: ({ signal }) => call(getDailyCosts, { query, signal }),
    placeholderData: keepPreviousData,
    refetchOnMount: 'always'
  })
}

export function useForecast(whose: Whose) {
  const query = whoseOf(whose)
  return useQuery({
    queryKey: keys.money('forecast', query),
    queryFn: ({ signal }) => call(getForecast, { query, signal }),
    refetchOnMount: 'always'
  })
}

export function useAdvice() {
  return useQuery({
    queryKey: keys.money('advice', {}),
    queryFn: ({ signal }) => call(listAdvice, { signal }),
    refetchOnMount: 'always'
  })
}

export function useWorkforce(period: Period) {
  return useQuery({
    queryKey: keys.money('workforce', { period }),
    queryFn: ({ signal }) => call(getWorkforce, { query: { period }, signal }),
    placeholderData: keepPreviousData,
    refetchOnMount: 'always'
  })
}

/** All of them, or those of one agent. */
export function useBudgets(agentId: string | null) {
  return useQuery({
    queryKey: agentId === null ? keys.budgets : keys.budgetsOf(agentId),
    queryFn: ({ signal }) => call(listBudgets, { query: { limit: most, ...agentOf(agentId) }, signal }),
    refetchOnMount: 'always'
  })
}

/** Whom a budget may be for; asked for when one is made. */
export function useChoosableAgents() {
  return useQuery({
    queryKey: keys.money('agents', {}),
    queryFn: ({ signal }) => call(listAgents, { query: { limit: most }, signal }),
    refetchOnMount: 'always'
  })
}

/** Sums change when a run ends; they are asked for again then, not with every change of it. */
export function useMoneyFollows(): void {
  const queries = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = () => {
      timer = undefined
      void queries.invalidateQueries({ queryKey: keys.allMoney })
    }
    const stop = onChanges(changes => {
      if (
        timer === undefined &&
        changes.some(({ noun, data }) => noun === 'run' && data !== null && data.endedAt !== null)
      )
        timer = setTimeout(again, followMs)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [queries])
}

export interface BudgetWish extends Pick<Budget, 'unit' | 'period' | 'amount' | 'action' | 'threshold'> {
  agentId: string | null
}

/** Makes one, or changes the one that is named. */
export function useSaveBudget(id: string | null) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ amount, action, threshold, ...rest }: BudgetWish) =>
      id === null
        ? call(createBudget, { body: { amount, action, threshold, ...rest } })
        : call(changeBudget, { params: { id }, body: { amount, action, threshold } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.budgets })
  })
}

export function useDeleteBudget() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(deleteBudget, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.budgets })
  })
}
