import { useSearchParams } from 'wouter'

/** The changed file that is shown over the page, as the address says: `?file=src/a.ts`. Going back closes it. */
export function useOpenFile(): [file: string | null, open: (path: string | null) => void] {
  const [search, setSearch] = useSearchParams()
  const open = (path: string | null) =>
    setSearch(
      before => {
        const after = new URLSearchParams(before)
        if (path === null) after.delete('file')
        else after.set('file', path)
        return after
      },
      { replace: path === null }
    )
  return [search.get('file'), open]
}
