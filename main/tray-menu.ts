import type { MenuItemConstructorOptions } from 'electron'
import { pageOf, plain } from '#contract/notices'
import type { Approval } from '#contract/runs/approvals'
import { type Fleet, liveRuns } from './fleet.ts'

export interface TrayActions {
  open(page: string | null): void
  openInBrowser(): void
  quit(agents: 'keep' | 'stop' | null): void
}

const longestLabel = 60

/** Menu of the tray, from top to bottom. `fleet` is null while the control plane does not answer. */
export function trayMenu(fleet: Fleet | null, own: boolean, actions: TrayActions): MenuItemConstructorOptions[] {
  return [
    ...waitingItems(fleet, actions),
    { id: 'counts', label: countWords(fleet), enabled: false },
    { type: 'separator' },
    { id: 'new-run', label: 'New run', click: () => actions.open('/runs/new') },
    { id: 'open', label: 'Open Flotilla', click: () => actions.open(null) },
    { id: 'open-in-browser', label: 'Open in browser', enabled: fleet !== null, click: () => actions.openInBrowser() },
    { type: 'separator' },
    ...quitItems(fleet, own, actions)
  ]
}

function waitingItems(fleet: Fleet | null, actions: TrayActions): MenuItemConstructorOptions[] {
  if (fleet === null || fleet.waitingTotal === 0) return []
  const more = fleet.waitingTotal - fleet.waiting.length
  return [
    { label: 'Needs you', enabled: false },
    ...fleet.waiting.map(approval => ({
      id: `waiting-${approval.id}`,
      label: waitingLabel(approval),
      click: () => actions.open(pageOf(approval))
    })),
    ...(more > 0 ? [{ id: 'waiting-more', label: `${more} more…`, click: () => actions.open('/approvals') }] : []),
    { type: 'separator' }
  ]
}

/** An ampersand in a label would mark a letter as its key. */
function waitingLabel({ runNumber, title, subject }: Approval): string {
  const what = runNumber === null ? 'Flow' : `Run ${runNumber}`
  return plain(`${what}: ${subject || title}`, longestLabel).replaceAll('&', '&&')
}

export function countWords(fleet: Fleet | null): string {
  if (fleet === null) return 'Flotilla does not answer'
  const { runs } = fleet
  const parts = [
    [runs.RUNNING + runs.CLAIMED, 'running'],
    [runs.WAITING, 'waiting'],
    [runs.QUEUED, 'queued']
  ] as const
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return words.length > 0 ? words.join(', ') : 'No runs at work'
}

/** One that is not ours goes on without this window, and so do its agents: then there is nothing to choose. */
function quitItems(fleet: Fleet | null, own: boolean, actions: TrayActions): MenuItemConstructorOptions[] {
  if (!own || fleet === null || liveRuns(fleet) === 0)
    return [{ id: 'quit', label: 'Quit', click: () => actions.quit(null) }]
  return [
    { id: 'quit-keep', label: 'Quit, keep agents running', click: () => actions.quit('keep') },
    { id: 'quit-stop', label: 'Quit and stop agents', click: () => actions.quit('stop') }
  ]
}
