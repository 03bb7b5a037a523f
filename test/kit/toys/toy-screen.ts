import type { Toy } from './toy-program.ts'

/** The folder of a feature, as somebody would write it. */
export const screen: Toy = {
  files: {
    'renderer/features/toys/screen.ts': `
      import { Puzzle } from 'lucide-react'
      import { page, type Screen } from '../../lib/screen.ts'

      export const screen: Screen = {
        title: 'Toys',
        path: '/toys',
        icon: Puzzle,
        group: 'observe',
        keys: 'g z',
        pages: {
          '/toys': page(() => import('./toys-page.tsx').then(module => module.ToysPage)),
          '/toys/:id': page(() => import('./toys-page.tsx').then(module => module.ToyPage))
        },
        actions: [{ keys: 'y', label: 'Wind up a toy', path: '/toys/new' }],
        useWaiting: () => 7
      }`,
    'renderer/features/toys/toys-page.tsx': `
      import { useQuery } from '@tanstack/react-query'
      import { listToys } from '#contract/work/toys'
      import { call } from '../../lib/call.ts'
      import { Bar, Title } from '../../ui/page.tsx'

      export function ToysPage() {
        const { data } = useQuery({ queryKey: ['toys'], queryFn: ({ signal }) => call(listToys, { signal }) })
        return <>
          <Bar><Title>All toys</Title></Bar>
          <ul>{data?.data.map(toy => <li key={toy.id}>{toy.title} {toy.moves ? 'moves' : 'stands still'}</li>)}</ul>
        </>
      }

      export function ToyPage({ id }: { id: string }) {
        return <Bar><Title>Toy {id}</Title></Bar>
      }`
  },
  lines: [{ file: 'server/contract/screens.ts', list: 'const screens = [', entry: "'/toys'" }]
}

/** How changes of the noun reach the window. */
export const cache: Toy = {
  files: {},
  lines: [{ file: 'renderer/nouns.ts', list: 'const nouns: ', entry: "toy: cached({ lists: ['toys'] })" }]
}
