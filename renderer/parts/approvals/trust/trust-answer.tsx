import { FolderOpen } from 'lucide-react'
import type { Approval } from '#contract/runs/approvals'
import { folderShower } from '../../../lib/bridge.ts'
import { copy } from '../../../lib/clipboard.ts'
import { visible } from '../../../lib/visible.ts'
import { Button } from '../../../ui/button.tsx'
import { toast } from '../../../ui/toast.tsx'
import styles from './trust.module.css'
import { trustOf, withoutWords } from './trust.ts'

interface Props {
  approval: Approval
  /** Attributes of a button that answers. */
  button: (disabled: boolean) => object
  pending: boolean
  onTrust: (content: string) => void
  onWithout: () => void
}

/** Trust has no key: it is given by looking, pointing and meaning it. Going on without it is D. */
export function TrustAnswer({ approval, button, pending, onTrust, onWithout }: Props) {
  const request = trustOf(approval)
  return (
    <div className={styles.answer}>
      {request && (
        <Button look="primary" {...button(pending)} onClick={() => onTrust(request.content)}>
          Trust this content
        </Button>
      )}
      <Button hotkey="d" data-answer="deny" {...button(pending)} onClick={onWithout}>
        Go on without it
      </Button>
      {request && <FolderButton folder={request.folder} />}
      <p className={styles.note}>Trust covers exactly this content. Any change asks again.</p>
      {request && <p className={styles.note}>Without it: {withoutWords(request.acts)}.</p>}
    </div>
  )
}

/** To look at what lies there before it is trusted. A browser cannot open folders, and a far runner's are elsewhere. */
function FolderButton({ folder }: { folder: string }) {
  const show = folderShower()
  const copyPath = async () => toast((await copy(folder)) ? 'Folder path copied' : `The folder is ${visible(folder)}`)
  if (!show) return <Button onClick={() => void copyPath()}>Copy folder path</Button>
  const open = async () => {
    if (!(await show(folder))) toast('The folder is not on this computer')
  }
  return (
    <Button icon={FolderOpen} onClick={() => void open()}>
      Open folder
    </Button>
  )
}
