import { Suspense } from 'react'
import { matchRoute, Redirect, useLocation, useRouter } from 'wouter'
import { NotFoundPage } from './features/shell/not-found-page.tsx'
import type { Page } from './lib/screen.ts'
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

export function Routes() {
  const [location] = useLocation()
  const found = useFound()
  if (location === '/') return <Redirect to={screens[0]?.path ?? '/'} replace />
  if (!found) return <NotFoundPage />
  return (
    <Suspense fallback={null}>
      <found.Page {...found.params} />
    </Suspense>
  )
}
