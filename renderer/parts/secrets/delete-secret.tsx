import type { Secret } from '#contract/fleet/secrets'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useSecretDeeds } from './queries.ts'

interface Props {
  secret: Secret
  /** What runs get instead. */
  instead?: string | undefined
  onClose: () => void
}

export function DeleteSecret({ secret, instead, onClose }: Props) {
  const { remove } = useSecretDeeds()
  return (
    <FormDialog
      title={`Delete ${secret.key}?`}
      action="Delete"
      danger
      onSubmit={() => remove(secret)}
      onClose={onClose}
    >
      <p>{instead ?? 'Runs that start from now on do not get it.'} Its value cannot be brought back.</p>
    </FormDialog>
  )
}
