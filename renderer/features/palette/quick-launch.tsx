import { Command } from 'cmdk'
import { CircleAlert, Play, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { wordsOf } from '../../lib/call.ts'
import { folderName } from '../../lib/format.ts'
import { randomId } from '../../lib/random-id.ts'
import { draftFor, rememberLaunch, useLaunch } from '../../parts/launch.ts'
import { bodyOf, defaultRuntime } from '../../parts/launch-body.ts'
import { permissionWords } from '../../parts/permission-words.ts'
import { nextRunner, useRunners } from '../../parts/runners.ts'
import styles from './palette.module.css'
import { Entry } from './palette-entry.tsx'

interface Props {
  prompt: string
  onGo: (path: string) => void
}

/** A prompt becomes a run at once, with the runtime and the folder of the last one: both stand there before Enter. */
export function QuickLaunch({ prompt, onGo }: Props) {
  const [key] = useState(randomId)
  const launch = useLaunch()
  const reports = nextRunner(useRunners().data?.data)?.runtimes ?? []
  const draft = draftFor(prompt)
  // Any program needs more than a prompt.
  const runtime = defaultRuntime(
    reports.filter(report => report.kind !== 'program'),
    draft.runtime
  )
  const made = bodyOf(draft, runtime)
  const start = () => {
    if ('errors' in made || launch.isPending) return
    launch
      .mutateAsync({ body: made.body, key: `${key}:${prompt}` })
      .then(run => {
        rememberLaunch(draft, runtime?.id ?? '')
        onGo(`/runs/${run.id}`)
      })
      .catch(() => {})
  }
  if (prompt === '')
    return <p className={styles.nothing}>Write what an agent should do. You see where it works before it starts.</p>
  const fault = launch.error ? wordsOf(launch.error) : 'errors' in made ? Object.values(made.errors)[0] : null
  return (
    <>
      <Command.Group heading="Start a run" className={styles.group}>
        {!('errors' in made) && (
          <Entry
            value="start"
            icon={Play}
            title={launch.isPending ? 'Starting' : prompt}
            onSelect={start}
            facts={[
              runtime?.title ?? '',
              draft.where === 'folder' ? `in ${folderName(draft.cwd)}` : 'in a private folder',
              `permissions: ${permissionWords[made.body.permissionMode ?? 'default'].title}`
            ]}
          />
        )}
        <Entry
          value="options"
          icon={SlidersHorizontal}
          title="Choose runtime, folder and limits first"
          onSelect={() => onGo(`/runs/new?prompt=${encodeURIComponent(prompt)}`)}
        />
      </Command.Group>
      {fault && (
        <p className={styles.fault} role="alert">
          <CircleAlert size={14} aria-hidden /> {fault}
        </p>
      )}
    </>
  )
}
