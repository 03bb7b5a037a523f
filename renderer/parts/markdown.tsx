import { type ComponentType, memo, useEffect, useState } from 'react'
import { visible } from '../lib/visible.ts'
import styles from './markdown.module.css'

/** Loaded beside the page, not when the first text comes; once it is there nothing waits for it any more. */
let Rendered: ComponentType<{ text: string }> | null = null
const loading = import('./markdown-rendered.tsx').then(
  module => {
    Rendered = module.MarkdownRendered
  },
  // The text stays plain.
  () => {}
)

/** Beyond this the text stays plain: parsing it would hold up the page. */
const longestRendered = 200_000

/** Whether the renderer has come, or will not. */
function useLoaded(): boolean {
  const [loaded, setLoaded] = useState(Rendered !== null)
  useEffect(() => {
    let wanted = true
    void loading.then(() => wanted && setLoaded(true))
    return () => {
      wanted = false
    }
  }, [])
  return loaded
}

/** Text an agent wrote. Until the renderer is loaded it takes its room unseen: its signs must not flash. */
export const Markdown = memo(function Markdown({ text: said }: { text: string }) {
  const text = visible(said)
  const loaded = useLoaded()
  return (
    <div className={styles.markdown} dir="auto">
      {Rendered && text.length <= longestRendered ? (
        <Rendered text={text} />
      ) : (
        <div className={styles.plain} data-awaited={(!loaded && text.length <= longestRendered) || undefined}>
          {text}
        </div>
      )}
    </div>
  )
})
