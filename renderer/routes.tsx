import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { RunsPage } from './features/runs/list/runs-page.tsx'
import { NotFoundPage } from './features/shell/not-found-page.tsx'

const RunPage = lazy(() => import('./features/runs/page/run-page.tsx').then(module => ({ default: module.RunPage })))
const NewRunPage = lazy(() =>
  import('./features/runs/launch/new-run-page.tsx').then(module => ({ default: module.NewRunPage }))
)
const ApprovalsPage = lazy(() =>
  import('./features/approvals/approvals-page.tsx').then(module => ({ default: module.ApprovalsPage }))
)

export function Routes() {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/">
          <Redirect to="/runs" replace />
        </Route>
        <Route path="/runs" component={RunsPage} />
        <Route path="/runs/new" component={NewRunPage} />
        <Route path="/runs/:id">{params => <RunPage id={params.id} />}</Route>
        <Route path="/approvals">
          <ApprovalsPage />
        </Route>
        <Route path="/approvals/:id">{params => <ApprovalsPage id={params.id} />}</Route>
        <Route component={NotFoundPage} />
      </Switch>
    </Suspense>
  )
}
