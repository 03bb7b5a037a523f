import { Copy, RotateCw, Square } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { isEnded, type Run } from '#contract/runs/runs'
import { copy } from '../../../lib/clipboard.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useRunActions } from '../../../parts/runs.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { toast, toastFailure } from '../../../ui/toast.tsx'

/** How long a polite stop may take before the hard one is offered. */
const patienceMs = 2500

export function RunControls({ run }: { run: Run }) {
  return (
    <>
      <IconButton
        icon={Copy}
        label="Copy the run's address"
        onClick={() => void copy(location.href).then(done => done && toast('Address copied'))}
      />
      {isEnded(run.status) ? <AgainButton run={run} /> : <StopButton run={run} />}
    </>
  )
}

/** Stop asks the agent to finish; when it does not, Stop now ends it. */
function StopButton({ run }: { run: Run }) {
  const { cancel } = useRunActions(run.id)
  const asked = run.stopping !== 'no' || cancel.isPending
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!asked) return setSlow(false)
    const timer = setTimeout(() => setSlow(true), patienceMs)
    return () => clearTimeout(timer)
  }, [asked])
  const stop = (now: boolean) => cancel.mutate(now, { onError: toastFailure })
  useHotkeys([
    {
      keys: 'mod+.',
      label: 'Stop run',
      inFields: true,
      run: () => (!asked || slow) && stop(slow)
    }
  ])
  if (asked && !(slow && run.stopping === 'asked')) {
    return (
      <Button look="danger" icon={Square} filled disabled>
        Stopping
      </Button>
    )
  }
  return (
    <Button look="danger" icon={Square} filled hotkey="mod+." onClick={() => stop(slow)}>
      {slow ? 'Stop now' : 'Stop run'}
    </Button>
  )
}

function AgainButton({ run }: { run: Run }) {
  const { retry } = useRunActions(run.id)
  const [, navigate] = useLocation()
  const again = () =>
    retry.mutate(undefined, { onSuccess: made => navigate(`/runs/${made.id}`), onError: toastFailure })
  useHotkeys([{ keys: 'r', label: 'Run again', run: again }])
  return (
    <Button icon={RotateCw} hotkey="r" disabled={retry.isPending} onClick={again}>
      Run again
    </Button>
  )
}
