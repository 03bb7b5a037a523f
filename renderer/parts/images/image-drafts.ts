import { useEffect } from 'react'
import { create } from 'zustand'
import type { ImageType } from '#contract/runs/image-content'
import type { PromptImage } from '#contract/runs/images'
import { rememberedLarge, rememberLarge } from '../../lib/large-storage.ts'

/** An image that was chosen and not sent yet. */
export interface DraftImage {
  key: string
  name: string
  mediaType: ImageType
  bytes: number
  /** Its content as a data URL. */
  url: string
}

const draftsKept = 10
const none: readonly DraftImage[] = []

interface Drafts {
  drafts: Record<string, readonly DraftImage[]>
}

/** Kept like the words that they belong to: leaving the page or a restart loses none. */
const useDrafts = create<Drafts>(() => ({ drafts: {} }))
let loading: Promise<void> | null = null

async function load(): Promise<void> {
  const kept = await rememberedLarge<readonly DraftImage[]>()
  // What was chosen meanwhile is newer.
  useDrafts.setState(({ drafts }) => ({ drafts: { ...kept, ...drafts } }))
}

/** Resolves once what was kept is there. */
export function imageDraftsLoaded(): Promise<void> {
  loading ??= load()
  return loading
}

export function useImageDraft(name: string): readonly DraftImage[] {
  useEffect(() => void imageDraftsLoaded(), [])
  return useDrafts(state => state.drafts[name] ?? none)
}

export function imageDraft(name: string): readonly DraftImage[] {
  return useDrafts.getState().drafts[name] ?? none
}

export function setImageDraft(name: string, images: readonly DraftImage[]): void {
  const { [name]: _, ...others } = useDrafts.getState().drafts
  // Empty ones stay as such in memory: what is loaded later must not bring them back.
  useDrafts.setState({ drafts: { ...others, [name]: images } })
  void rememberLarge(name, images.length === 0 ? null : images)
  const filled = Object.entries(others).filter(([, draft]) => draft.length > 0)
  for (const [old] of filled.slice(0, Math.max(0, filled.length - draftsKept + 1))) void rememberLarge(old, null)
}

/** As they are sent. */
export function promptImagesOf(images: readonly DraftImage[]): PromptImage[] {
  return images.map(({ name, mediaType, url }) => ({ name, mediaType, data: url.slice(url.indexOf(',') + 1) }))
}
