import { Suspense } from 'react'
import { matchRoute, Redirect, useLocation, useRouter } from 'wouter'
import { NotFoundPage } from './features/shell/not-found-page.tsx'
import type { Page } from './lib/screen.ts'
import { useAgents } from './parts/agents.ts'
import { useSystem } from './parts/system.ts'
import { screens } from './screens.ts'

interface Found {
  Page: Page
  params: Record<string, string | undefined>
}

function useFound(): Found | null {
  const [location] = useLocation()
  const { parser } = useRouter()
  for (const { pages } of screens) {
    for (const [path, Page] of Object.entries(pages)) {
      const [fits, params] = matchRoute(parser, path, location)
      if (fits) return { Page, params: params as Found['params'] }
    }
  }
  return null
}

/** The first screen; where nobody ever ran or made anything, the one that starts the first run. */
function Home() {
  const system = useSystem()
  const agents = useAgents()
  if (system.isPending || agents.isPending) return null
  const ran = system.data === undefined || Object.values(system.data.runs).some(count => count > 0)
  const empty = !ran && agents.data?.length === 0
  return <Redirect to={empty ? '/runs' : (screens[0]?.path ?? '/')} replace />
}

export function Routes() {
  const [location] = useLocation()
  const found = useFound()
  if (location === '/') return <Home />
  if (!found) return <NotFoundPage />
  return (
    <Suspense fallback={null}>
      <found.Page {...found.params} />
    </Suspense>
  )
}
