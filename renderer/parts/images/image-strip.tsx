import { ImagePlus, X } from 'lucide-react'
import { type RefObject, useRef } from 'react'
import { imageTypes } from '#contract/runs/image-content'
import { imageTypeWord } from '#contract/runs/images'
import { bytes } from '../../lib/format.ts'
import { IconButton } from '../../ui/button.tsx'
import styles from './images.module.css'
import type { Images } from './use-images.ts'

/** The images that will be sent, each with a way to take it out, and what was left out. `field`: where focus goes then. */
export function ImageStrip({ images, field }: { images: Images; field: RefObject<HTMLTextAreaElement | null> }) {
  const remove = (key: string) => {
    images.remove(key)
    field.current?.focus()
  }
  return (
    <>
      {images.images.length > 0 && (
        <ul className={styles.strip} aria-label="Images to be sent">
          {images.images.map(image => (
            <li key={image.key}>
              <img src={image.url} alt={`${image.name}, ${imageTypeWord(image.mediaType)}, ${bytes(image.bytes)}`} />
              <span className={styles.remove}>
                <IconButton icon={X} label={`Remove ${image.name}`} onClick={() => remove(image.key)} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {(images.faults.length > 0 || images.blocked) && (
        <div className={styles.faults} role="alert">
          {images.blocked && <p>{images.why} Remove the images, or take another runtime.</p>}
          {images.faults.map(fault => (
            <p key={fault}>{fault}</p>
          ))}
        </div>
      )}
    </>
  )
}

/** Chooses images; on a phone the only way. */
export function AddImages({ images: { why, add } }: { images: Images }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton
        icon={ImagePlus}
        label={why === null ? 'Add images' : `Add images: ${why}`}
        disabled={why !== null}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={imageTypes.join(',')}
        onChange={({ currentTarget }) => {
          void add([...(currentTarget.files ?? [])])
          // The same one may be chosen again.
          currentTarget.value = ''
        }}
      />
    </>
  )
}
