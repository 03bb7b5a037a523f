import { Link } from 'wouter'
import { classOf } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Bar, Title } from '../../ui/page.tsx'

export function NotFoundPage() {
  return (
    <>
      <Bar>
        <Title>Not found</Title>
      </Bar>
      <Empty
        title="There is no such page"
        action={
          <Link href="/runs" className={classOf()}>
            Go to Runs
          </Link>
        }
      >
        The address may be from another version of Flotilla.
      </Empty>
    </>
  )
}
