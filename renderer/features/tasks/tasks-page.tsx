import { List, Plus, Search, SquareKanban } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { wordsOf } from '../../lib/call.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'
import { useNarrow } from '../../lib/narrow.ts'
import { useAgents, useAgentsById } from '../../parts/agents.ts'
import { usePendingApprovals } from '../../parts/approvals/approvals.ts'
import { useEpics } from '../../parts/epics.ts'
import { useReadOnly } from '../../parts/read-only.ts'
import { Button, Content, classOf, IconButton, IconLink } from '../../ui/button.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Bar, Gap, Title } from '../../ui/page.tsx'
import { AssignDialog } from './assign-dialog.tsx'
import { EpicsStrip } from './epics-strip.tsx'
import { FindTask, PickFilters } from './filter-bar.tsx'
import { NewTaskSheet } from './new-task.tsx'
import { useTaskColumns } from './queries.ts'
import { type BoardProps, TaskBoard } from './task-board.tsx'
import { cardOf } from './task-card.tsx'
import { NarrowColumns } from './task-columns-narrow.tsx'
import { type TaskFilters, useTaskFilters } from './task-filters.ts'
import { TaskList } from './task-list.tsx'
import { TaskSheet } from './task-sheet.tsx'
import styles from './tasks-page.module.css'
import { useMoving } from './use-moving.ts'

/** What is to be done, by how far it is; one of them open beside it. */
export function TasksPage({ id }: { id?: string }) {
  const filters = useTaskFilters()
  const { columns, error, again } = useTaskColumns(filters.filter)
  const epics = useEpics().data?.data ?? []
  const agentList = useAgents().data ?? []
  const tasks = columns?.flatMap(column => column.tasks) ?? []
  const agents = useAgentsById(tasks.map(task => task.assigneeId))
  const asked = new Map(
    usePendingApprovals().data?.data.flatMap(approval => (approval.runId === null ? [] : [[approval.runId, approval]]))
  )
  const moving = useMoving()
  const readOnly = useReadOnly()
  const narrow = useNarrow()
  const close = useClosing(filters, id)
  const total = columns?.reduce((sum, column) => sum + column.total, 0)
  useEffect(() => {
    document.title = 'Tasks · Flotilla'
  }, [])
  const board = columns && { columns, facts: { agents, epics, asked }, filters, shown: id, moving, readOnly }
  return (
    <>
      <TasksBar filters={filters} readOnly={readOnly} sheet={narrow && id !== undefined} agents={agentList} />
      <div className={styles.body}>
        {!(narrow && id !== undefined) && (
          <div className={styles.main}>
            <EpicsStrip
              epics={epics}
              total={total}
              chosen={filters.epicId}
              readOnly={readOnly}
              onChoose={epic => filters.set('epic', epic)}
            />
            {error && !columns && (
              <Problem title="The tasks could not be read" action={<Button onClick={again}>Try again</Button>}>
                {wordsOf(error)} Agents that are working keep working.
              </Problem>
            )}
            {!columns && !error && <SkeletonRows height={96} />}
            {board && total === 0 && <Nothing filters={filters} readOnly={readOnly} />}
            {board && total !== 0 && <View {...board} narrow={narrow} />}
          </div>
        )}
        {id === 'new' && <NewTaskSheet agents={agentList} epics={epics} readOnly={readOnly} onClose={close} />}
        {id !== undefined && id !== 'new' && (
          <TaskSheet
            key={id}
            id={id}
            agents={agentList}
            epics={epics}
            moving={moving}
            readOnly={readOnly}
            onClose={close}
          />
        )}
      </div>
      {moving.unassigned && (
        <AssignDialog
          task={moving.unassigned}
          agents={agentList}
          onStart={agentId => moving.unassigned && void moving.start(moving.unassigned, agentId)}
          onClose={moving.leave}
        />
      )}
    </>
  )
}

function View({ narrow, ...board }: BoardProps & { narrow: boolean }) {
  if (narrow) return <NarrowColumns {...board} />
  return board.filters.view === 'list' ? <TaskList {...board} /> : <TaskBoard {...board} />
}

/** Closes the sheet; the focus goes back to the card of what was open. */
function useClosing(filters: TaskFilters, id: string | undefined): () => void {
  const [, navigate] = useLocation()
  return () => {
    navigate(filters.addressOf(null))
    requestAnimationFrame(() => (id === undefined ? null : cardOf(id))?.focus())
  }
}

interface BarProps {
  filters: TaskFilters
  readOnly: string | null
  /** Narrow, and a task takes the page. */
  sheet: boolean
  agents: Parameters<typeof PickFilters>[0]['agents']
}

function TasksBar({ filters, readOnly, sheet, agents }: BarProps) {
  const narrow = useNarrow()
  const [finding, setFinding] = useState(false)
  const [, navigate] = useLocation()
  const create = () => readOnly === null && navigate(filters.addressOf('new'))
  useHotkeys([{ keys: 'c', label: 'New task', run: create }])
  if (sheet) {
    return (
      <Bar back={{ href: filters.addressOf(null), label: 'All tasks' }}>
        <Title>Task</Title>
      </Bar>
    )
  }
  const views = [
    { id: 'board', title: 'Board', icon: SquareKanban },
    { id: 'list', title: 'List', icon: List }
  ] as const
  return (
    <>
      <Bar>
        <Title>Tasks</Title>
        <Gap />
        {narrow ? (
          <>
            <IconButton
              icon={Search}
              label="Find task"
              aria-expanded={finding || filters.search !== ''}
              onClick={() => setFinding(!finding)}
            />
            {!readOnly && <IconLink icon={Plus} label="New task" href={filters.addressOf('new')} />}
          </>
        ) : (
          <>
            <FindTask filters={filters} />
            <PickFilters filters={filters} agents={agents} />
            <fieldset className={styles.views} aria-label="View">
              {views.map(({ id, title, icon: Icon }) => (
                <button
                  key={id}
                  type="button"
                  aria-pressed={filters.view === id}
                  onClick={() => filters.set('view', id === 'list' ? 'list' : '')}
                >
                  <Icon size={13} aria-hidden /> {title}
                </button>
              ))}
            </fieldset>
            {readOnly ? (
              <Button icon={Plus} aria-disabled title={readOnly}>
                New task
              </Button>
            ) : (
              <Link href={filters.addressOf('new')} className={classOf('primary')}>
                <Content icon={Plus} hotkey="c">
                  New task
                </Content>
              </Link>
            )}
          </>
        )}
      </Bar>
      {narrow && (finding || filters.search !== '') && (
        <div className={styles.finding}>
          <FindTask filters={filters} />
        </div>
      )}
    </>
  )
}

function Nothing({ filters, readOnly }: { filters: TaskFilters; readOnly: string | null }) {
  if (filters.filtered) {
    return (
      <Empty
        title="No task matches"
        action={
          <Link href="/tasks" className={classOf()}>
            Clear the filters
          </Link>
        }
      />
    )
  }
  return (
    <Empty
      icon={SquareKanban}
      title="No tasks yet"
      action={
        !readOnly && (
          <Link href={filters.addressOf('new')} className={classOf()}>
            New task
          </Link>
        )
      }
    >
      A task is work that you give to an agent: write it down now, start it when you like.
    </Empty>
  )
}
