import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { PromptImage } from '#contract/runs/images'
import type { Run } from '#contract/runs/runs'
import { randomId } from '../../lib/random-id.ts'
import { type Otherwise, useInputActions, useRunActions } from '../runs.ts'
import type { ComposerMode } from './composer-mode.ts'

/** What a person has to say. */
interface Message {
  text: string
  images: PromptImage[]
}

/** The ways in which what was typed reaches a run, or the one that follows it. `message`: the same one as long as it is. */
export function useSend(run: Run, message: Message, otherwise: Otherwise, onSent: () => void) {
  const { followUp, fork } = useRunActions(run.id)
  const { add } = useInputActions(run.id)
  const [, navigate] = useLocation()
  // A new key for another request, and after it was sent.
  const words = useMemo(() => ({ prompt: message.text, images: message.images, key: randomId() }), [message])
  const wish = useMemo(() => ({ ...words, ...otherwise, key: randomId() }), [words, otherwise])
  const went = {
    onSuccess: (child: Run) => {
      onSent()
      navigate(`/runs/${child.id}`)
    }
  }
  const said = { onSuccess: onSent }
  return {
    fault: followUp.error ?? fork.error ?? add.error,
    pending: followUp.isPending || fork.isPending || add.isPending,
    first: (mode: ComposerMode) =>
      mode.name === 'followUp' ? followUp.mutate(wish, went) : add.mutate({ ...words, mode: 'queue' }, said),
    fork: () => fork.mutate(wish, went),
    interrupt: () => add.mutate({ ...words, mode: 'interrupt' }, said)
  }
}
