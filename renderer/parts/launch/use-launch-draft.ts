import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { Runner, RuntimeReport } from '#contract/runners/runners'
import { fieldErrorsOf, wordsOf } from '../../lib/call.ts'
import { focusFirstFault } from '../../lib/focus.ts'
import { randomId } from '../../lib/random-id.ts'
import { setDraft as keepDraft, keptDraft } from '../composer/drafts.ts'
import { promptImagesOf } from '../images/image-drafts.ts'
import { type Images, useImages, whyNoImages } from '../images/use-images.ts'
import { draftFor, rememberLaunch, type useLaunch } from '../launch.ts'
import { bodyOf, defaultRuntime, type LaunchDraft } from '../launch-body.ts'
import { nextRunner, useRunners } from '../runners.ts'

export interface Launching {
  draft: LaunchDraft
  set: (change: Partial<LaunchDraft>) => void
  runner: Runner | undefined
  reports: readonly RuntimeReport[]
  chosen: RuntimeReport | undefined
  images: Images
  errors: Record<string, string>
  /** A failure that belongs to no field. */
  failure: string | null
  pending: boolean
  submit: (prompt?: string) => void
}

const draftName = 'new run'

/** The palette hands over what was typed there; else what was typed here before is there again. */
function promptedDraft(): LaunchDraft {
  return draftFor(new URLSearchParams(location.search).get('prompt') ?? keptDraft(draftName))
}

/** Everything the forms that start a run share; `launch` is what becomes of what was chosen. */
export function useLaunchDraft(launch: ReturnType<typeof useLaunch>): Launching {
  const [draft, setDraft] = useState(promptedDraft)
  const [key, setKey] = useState(randomId)
  const [checked, setChecked] = useState<Record<string, string>>({})
  const [, navigate] = useLocation()
  const runner = nextRunner(useRunners().data?.data)
  const reports = runner?.runtimes ?? []
  const chosen = useMemo(() => defaultRuntime(reports, draft.runtime), [reports, draft.runtime])
  const refused = launch.error ? fieldErrorsOf(launch.error) : {}
  const errors = { ...refused, ...checked }

  const changed = () => {
    setChecked({})
    launch.reset()
    // Another request than before: it must not count as a repetition of the old one.
    setKey(randomId())
  }
  const set = (change: Partial<LaunchDraft>) => {
    setDraft(before => ({ ...before, ...change }))
    if (change.prompt !== undefined) keepDraft(draftName, change.prompt)
    changed()
  }
  const images = useImages(draftName, whyNoImages(chosen, draft), changed)
  const submit = (prompt = draft.prompt) => {
    const made = bodyOf({ ...draft, prompt }, chosen)
    if ('errors' in made) {
      setChecked(made.errors)
      focusFirstFault()
      return
    }
    // What is wrong with them stands beside them.
    if (images.blocked) return
    rememberLaunch(draft, chosen?.id ?? '')
    // Not the callbacks of mutate: what is made replaces the first-run page, and they would go with it.
    launch
      .mutateAsync({ body: { ...made.body, images: promptImagesOf(images.images) }, key })
      .then(run => {
        keepDraft(draftName, '')
        images.clear()
        navigate(`/runs/${run.id}`)
      })
      .catch(focusFirstFault)
  }
  const failure = launch.error && Object.keys(refused).length === 0 ? wordsOf(launch.error) : null
  return { draft, set, runner, reports, chosen, images, errors, failure, pending: launch.isPending, submit }
}
