import { examineImage, faultOfAll } from '#contract/runs/image-content'
import { randomId } from '../../lib/random-id.ts'
import type { DraftImage } from './image-drafts.ts'

export interface ReadImages {
  images: DraftImage[]
  /** Why others are not among them, in words for a person. */
  faults: string[]
}

const longestName = 200

/** Looks at files by their content, as the control plane will: what it would refuse is said before it is sent. */
export async function readImages(files: readonly File[], before: readonly DraftImage[]): Promise<ReadImages> {
  const read: ReadImages = { images: [], faults: [] }
  for (const file of files) {
    const sizes = [...before, ...read.images].map(({ bytes }) => bytes)
    const looked = await readImage(file)
    const fault = 'fault' in looked ? looked.fault : faultOfAll([...sizes, looked.bytes])
    if (fault !== null) read.faults.push(`${nameOf(file)} was left out. ${fault}.`)
    else if (!('fault' in looked)) read.images.push(looked)
  }
  return read
}

async function readImage(file: File): Promise<DraftImage | { fault: string }> {
  try {
    const content = new Uint8Array(await file.arrayBuffer())
    const found = examineImage(content)
    if ('fault' in found) return found
    const { mediaType } = found
    const url = await dataUrl(new Blob([content], { type: mediaType }))
    return { key: randomId(), name: nameOf(file), mediaType, bytes: content.length, url }
  } catch {
    // A folder, or gone since it was chosen.
    return { fault: 'It cannot be read' }
  }
}

function nameOf({ name }: File): string {
  return name.trim().slice(0, longestName) || 'Image'
}

function dataUrl(blob: Blob): Promise<string> {
  const reader = new FileReader()
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
