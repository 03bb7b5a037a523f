import { create } from 'zustand'

/** What is looked for on this page. Parts that show only the beginning of a text show all of it when the words are in the rest. */
export const useSearchWords = create<{ words: string }>(() => ({ words: '' }))
