import { lazy, memo, Suspense } from 'react'
import { visible } from '../lib/visible.ts'
import styles from './markdown.module.css'

const Rendered = lazy(() => import('./markdown-rendered.tsx').then(module => ({ default: module.MarkdownRendered })))

/** Beyond this the text stays plain: parsing it would hold up the page. */
const longestRendered = 200_000

/** Text an agent wrote. Until the renderer is loaded, and when there is too much of it, it is shown as it came. */
export const Markdown = memo(function Markdown({ text: said }: { text: string }) {
  const text = visible(said)
  const plain = <div className={styles.plain}>{text}</div>
  return (
    <div className={styles.markdown} dir="auto">
      {text.length > longestRendered ? plain : <Suspense fallback={plain}>{<Rendered text={text} />}</Suspense>}
    </div>
  )
})
