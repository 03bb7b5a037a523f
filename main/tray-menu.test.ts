import { expect, test } from 'vitest'
import type { Approval } from '#contract/runs/approvals'
import type { Fleet } from './fleet.ts'
import { trayMenu } from './tray-menu.ts'

const id = '0192f0c0-0000-7000-8000-000000000001'

test('what a flow asks before there is a run stands in the tray, and leads to the inbox', () => {
  const asked = { id, runId: null, runNumber: null, title: 'Start the flow “R&D”', subject: 'R&D' } as Approval
  const ofRun = { ...asked, id: 'other', runId: 'run', runNumber: 7, subject: 'ls' }
  const opened: (string | null)[] = []
  const actions = { open: (page: string | null) => opened.push(page), openInBrowser() {}, quit() {} }
  const runs = { RUNNING: 0, CLAIMED: 0, WAITING: 0, QUEUED: 0 } as Fleet['runs']
  const items = trayMenu({ waiting: [asked, ofRun], waitingTotal: 2, runs } as Fleet, true, actions)
  const waiting = items.filter(item => item.id?.startsWith('waiting-'))
  expect(waiting.map(({ label }) => label)).toEqual(['Flow: R&&D', 'Run 7: ls'])
  for (const { click } of waiting) (click as () => void)()
  expect(opened).toEqual([`/approvals/${id}`, '/runs/run'])
})
