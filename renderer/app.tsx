import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy } from 'react'
import { AppError } from '#contract/errors'
import { Shell } from './features/shell/shell.tsx'
import { SignedIn } from './features/sign-in/signed-in.tsx'
import { nouns } from './nouns.ts'
import { Routes } from './routes.tsx'
import { screens } from './screens.ts'
import { Toasts } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

const Palette = lazy(() => import('./features/palette/palette.tsx').then(module => ({ default: module.Palette })))

/** What the server said clearly is not asked again; a server that is away is. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The live connection brings changes; nothing needs to be asked for again by time.
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (failures, error) => !(error instanceof AppError && error.status < 500) && failures < 2,
      retryDelay: failures => (failures === 0 ? 250 : 1500)
    },
    mutations: { networkMode: 'always', retry: false }
  }
})

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <TooltipProvider delayDuration={500} skipDelayDuration={200}>
        <SignedIn nouns={nouns}>
          <Shell screens={screens} palette={Palette}>
            <Routes />
          </Shell>
        </SignedIn>
        <Toasts />
      </TooltipProvider>
    </QueryClientProvider>
  )
}
