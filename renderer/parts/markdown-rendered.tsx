import { Copy } from 'lucide-react'
import { type ComponentProps, useRef } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { copy } from '../lib/clipboard.ts'
import { outsideLink } from '../lib/links.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './markdown.module.css'

const plugins = [remarkGfm]

// Raw HTML is never rendered (react-markdown drops it) and nothing is fetched: an image is its address in words.
const components: Components = {
  a: ({ href, children }) => {
    const url = outsideLink(href)
    return url ? (
      <a href={url} target="_blank" rel="noopener noreferrer" title={url}>
        {children}
      </a>
    ) : (
      <span title={href}>{children}</span>
    )
  },
  img: ({ src, alt }) => {
    const url = typeof src === 'string' ? outsideLink(src) : null
    const words = `Image: ${alt || src || 'without a name'}`
    return url ? (
      <a href={url} target="_blank" rel="noopener noreferrer">
        {words}
      </a>
    ) : (
      <span className={styles.image}>{words}</span>
    )
  },
  pre: CodeBlock,
  table: ({ children }) => (
    <div className={styles.table}>
      <table>{children}</table>
    </div>
  ),
  // The page has the one h1.
  h1: ({ children }) => <h2>{children}</h2>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>
}

function CodeBlock({ children }: ComponentProps<'pre'>) {
  const ref = useRef<HTMLPreElement>(null)
  return (
    <div className={styles.code}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard */}
      <pre ref={ref} tabIndex={0}>
        {children}
      </pre>
      <div className={styles.copy}>
        <IconButton icon={Copy} label="Copy code" onClick={() => void copy(ref.current?.textContent ?? '')} />
      </div>
    </div>
  )
}

export function MarkdownRendered({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={url => url}>
      {text}
    </ReactMarkdown>
  )
}
