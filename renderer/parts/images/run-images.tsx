import { Download } from 'lucide-react'
import { useState } from 'react'
import { addressOf } from '#contract/client'
import { getRunImage, imageTypeWord, type RunImage } from '#contract/runs/images'
import { Content, classOf } from '../../ui/button.tsx'
import { FullScreen } from '../../ui/full-screen.tsx'
import styles from './run-images.module.css'

interface Props {
  runId: string
  images: readonly RunImage[]
}

/** What came with a prompt: small, and each in full by a click. */
export function RunImages({ runId, images }: Props) {
  const [open, setOpen] = useState<RunImage | null>(null)
  if (images.length === 0) return null
  return (
    <>
      <ul className={styles.images} aria-label="Images of this message">
        {images.map((image, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one may be there twice, and none ever moves
          <li key={index}>
            <button type="button" onClick={() => setOpen(image)}>
              <img src={srcOf(runId, image)} alt={words(image, index)} loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
      {open && (
        <FullScreen
          title={open.name ?? 'Image'}
          tools={
            <a className={classOf('default', true)} href={srcOf(runId, open)} download={open.name ?? ''}>
              <Content icon={Download}>Download</Content>
            </a>
          }
          onClose={() => setOpen(null)}
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
          <div className={styles.large} tabIndex={0}>
            <img src={srcOf(runId, open)} alt={words(open, images.indexOf(open))} />
          </div>
        </FullScreen>
      )}
    </>
  )
}

function words({ name, mediaType, width, height }: RunImage, index: number): string {
  return `${name ?? `Image ${index + 1}`}, ${imageTypeWord(mediaType)}, ${width} × ${height}`
}

function srcOf(runId: string, { id }: RunImage): string {
  return addressOf(getRunImage, { params: { id: runId, image: id } })
}

/** As files, to be sent with another prompt. Rejects when one cannot be read. */
export function filesOf(runId: string, images: readonly RunImage[]): Promise<File[]> {
  return Promise.all(
    images.map(async image => {
      const answer = await fetch(srcOf(runId, image))
      if (!answer.ok) throw new Error('An image that came with it could not be read. Try again.')
      return new File([await answer.blob()], image.name ?? 'Image', { type: image.mediaType })
    })
  )
}
