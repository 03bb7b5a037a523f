import { type ClipboardEvent, type DragEvent, useState } from 'react'
import { printsLines, type RuntimeReport } from '#contract/runners/runners'
import type { CommandSpec } from '#contract/runs/runs'
import { type DraftImage, imageDraft, imageDraftsLoaded, setImageDraft, useImageDraft } from './image-drafts.ts'
import { readImages } from './read-images.ts'

/** The images of a prompt that is being written. */
export interface Images {
  images: readonly DraftImage[]
  /** What was left out, and why. */
  faults: readonly string[]
  /** Why whoever reads the prompt would not see them; null: it would, or nobody knows. */
  why: string | null
  /** There are some, and nobody would see them: it cannot be sent so. */
  blocked: boolean
  add: (files: readonly File[]) => Promise<void>
  remove: (key: string) => void
  clear: () => void
  /** For the field. */
  paste: (event: ClipboardEvent) => void
  /** For what surrounds the field. */
  drop: { onDragOver: (event: DragEvent) => void; onDrop: (event: DragEvent) => void }
}

/** `name` is that of the draft of the words. */
export function useImages(name: string, why: string | null, onChange: () => void = () => {}): Images {
  const images = useImageDraft(name)
  const [faults, setFaults] = useState<readonly string[]>([])
  const set = (next: readonly DraftImage[]) => {
    setImageDraft(name, next)
    onChange()
  }
  const add = async (files: readonly File[]) => {
    if (files.length === 0) return
    if (why !== null) return setFaults([`${why} Send the words alone, or take another runtime.`])
    await imageDraftsLoaded()
    const read = await readImages(files, imageDraft(name))
    setFaults(read.faults)
    // Others may have been added while these were read.
    if (read.images.length > 0) set([...imageDraft(name), ...read.images])
  }
  return {
    images,
    faults,
    why,
    blocked: images.length > 0 && why !== null,
    add,
    remove: key => {
      setFaults([])
      set(images.filter(image => image.key !== key))
    },
    clear: () => {
      setFaults([])
      if (images.length > 0) set([])
    },
    paste: event => {
      const files = [...event.clipboardData.files]
      // Of a table both are there, and its words are meant.
      if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return
      event.preventDefault()
      void add(files)
    },
    drop: {
      onDragOver: event => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault()
      },
      onDrop: event => {
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        void add([...event.dataTransfer.files])
      }
    }
  }
}

/** In words; null: it takes them, or nobody knows yet. */
export function whyNoImages(
  report: Pick<RuntimeReport, 'title' | 'capabilities' | 'outputs'> | undefined,
  command: Pick<CommandSpec, 'output'> | null
): string | null {
  if (!report) return null
  if (!report.capabilities.images) return `${report.title} takes no images.`
  return printsLines(report, command) ? 'A program that prints lines takes no images.' : null
}
