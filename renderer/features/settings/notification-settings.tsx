import { useEffect, useState } from 'react'
import { type NoticeKind, type NoticeSettings, noticeKinds } from '#contract/notices'
import { desktopNotices } from '../../lib/bridge.ts'
import {
  askForNotices,
  type NoticePermission,
  noticePermission,
  onNoticePermission,
  tryInBrowser
} from '../../parts/notices/browser-notices.ts'
import { readNotices, setNotices, useNotices } from '../../parts/notices/notices.ts'
import { Button } from '../../ui/button.tsx'
import { SkeletonRows } from '../../ui/notice.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

const kindWords: Record<NoticeKind, { title: string; note: string }> = {
  needsYou: { title: 'An agent needs you', note: 'It asks for permission, has a question or shows a plan.' },
  failed: { title: 'A run failed', note: 'Also when it ran out of time or lost its runner.' },
  finished: { title: 'A run is done', note: 'Every one; that may be many.' },
  budget: { title: 'A budget runs out', note: 'When it is nearly used up, and when it is.' }
}

/** Of this desktop or browser: each tells for itself. */
export function NotificationSettings() {
  const settings = useNotices()
  useEffect(() => void readNotices().catch(toastFailure), [])
  if (settings === null) return <SkeletonRows height={48} />
  const set = (change: Partial<NoticeSettings>) => void setNotices(change).catch(toastFailure)
  return (
    <>
      <Reaching />
      <Setting title="Tell me when" note="While you look at something else. What you see already is not told.">
        <div className={styles.checks}>
          {noticeKinds.map(kind => (
            <Check
              key={kind}
              {...kindWords[kind]}
              checked={settings[kind]}
              onChange={checked => set({ [kind]: checked })}
            />
          ))}
        </div>
      </Setting>
      <Setting title="Sound" note="The one of your system, as loud as it is set there.">
        <Check title="Play a sound" checked={settings.sound} onChange={sound => set({ sound })} />
      </Setting>
      <Setting title="Quiet hours" note="Nothing is told then, nor afterwards. It stays in Approvals and Runs.">
        <Check title="Keep quiet every day" checked={settings.quiet} onChange={quiet => set({ quiet })} />
        {settings.quiet && <QuietHours settings={settings} set={set} />}
      </Setting>
    </>
  )
}

interface CheckProps {
  title: string
  note?: string
  checked: boolean
  onChange: (checked: boolean) => void
}

function Check({ title, note, checked, onChange }: CheckProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      <span>
        {title}
        {note && <small className={styles.note}>{note}</small>}
      </span>
    </label>
  )
}

interface HoursProps {
  settings: NoticeSettings
  set: (change: Partial<NoticeSettings>) => void
}

function QuietHours({ settings: { quietFrom, quietTo }, set }: HoursProps) {
  return (
    <div className={styles.hours}>
      <label>
        From
        <input
          type="time"
          value={quietFrom}
          onChange={event => event.target.value && set({ quietFrom: event.target.value })}
        />
      </label>
      <label>
        to
        <input
          type="time"
          value={quietTo}
          onChange={event => event.target.value && set({ quietTo: event.target.value })}
        />
      </label>
      {quietFrom === quietTo && <p className={styles.note}>From a time to the same there are no quiet hours.</p>}
    </div>
  )
}

/** Whether notices get through to this person at all, and the way out where they do not. */
function Reaching() {
  const [permission, setPermission] = useState<NoticePermission | 'desktop'>(() =>
    desktopNotices() ? 'desktop' : noticePermission()
  )
  useEffect(() => (desktopNotices() ? undefined : onNoticePermission(() => setPermission(noticePermission()))), [])
  switch (permission) {
    case 'desktop':
      return (
        <Setting title="This desktop" note="Notifications come also while the window is closed.">
          <Try />
        </Setting>
      )
    case 'granted':
      return (
        <Setting title="This browser" note="It tells while a page of Flotilla is open, also in the background.">
          <Try />
        </Setting>
      )
    case 'default':
      return (
        <Setting title="This browser" note="It does not show notifications of Flotilla yet, and asks you once.">
          <Button onClick={() => void askForNotices().then(setPermission, toastFailure)}>Allow notifications</Button>
        </Setting>
      )
    case 'denied':
      return (
        <Setting title="This browser" note="It was told not to show notifications of Flotilla. Nothing is told here.">
          <p>
            Open the settings of this site by the sign left of the address, allow notifications there, and come back. A
            page cannot ask again once this was refused.
          </p>
        </Setting>
      )
    case 'away':
      return (
        <Setting title="This browser" note="It shows no notifications on this page.">
          <p>Browsers show them on the computer itself, or over https. The desktop app shows them in any case.</p>
        </Setting>
      )
  }
}

function Try() {
  const [outcome, setOutcome] = useState<string | null>(null)
  const say = (shown: boolean) =>
    setOutcome(
      shown
        ? 'Sent. If you see none, your system holds it back: look into its own notification settings.'
        : 'This system takes no notifications from Flotilla.'
    )
  const test = () => {
    const desktop = desktopNotices()
    if (desktop) desktop.tryNotice().then(say, toastFailure)
    else say(tryInBrowser())
  }
  return (
    <>
      <Button onClick={test}>Send a test</Button>
      <p role="status" className={styles.note}>
        {outcome}
      </p>
    </>
  )
}
