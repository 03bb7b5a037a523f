import { Link } from 'wouter'
import { FirstRun as Wizard } from '../../../parts/launch/first-run.tsx'
import { useLaunch } from '../../../parts/launch.ts'
import { Bar, Title } from '../../../ui/page.tsx'

/** While nothing ran: a run of no agent. */
export function FirstRun() {
  return (
    <>
      <Bar>
        <Title>Runs</Title>
      </Bar>
      <Wizard title="Start your first run" launch={useLaunch()}>
        <Link href="/runs/new">More options</Link>
        <Link href="/fleet">Make an agent instead</Link>
      </Wizard>
    </>
  )
}
