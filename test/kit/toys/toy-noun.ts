import type { Toy } from './toy-program.ts'

/** Toys, that were wound up when they were made and run down. A file in each layer, as somebody would write it. */
export const noun: Toy = {
  files: {
    'server/contract/work/toys.ts': `
      import { z } from 'zod'
      import { endpoint, timestamp } from '../endpoint.ts'

      export const toy = z.object({ id: z.uuid(), title: z.string(), moves: z.boolean(), createdAt: timestamp }).meta({ id: 'Toy' })
      export type Toy = z.infer<typeof toy>

      export const listToys = endpoint({
        id: 'listToys',
        method: 'GET',
        path: '/api/v1/toys',
        tag: 'toys',
        summary: 'Toys, most recent first',
        scope: 'read',
        output: z.object({ data: z.array(toy) })
      })

      export const createToy = endpoint({
        id: 'createToy',
        method: 'POST',
        path: '/api/v1/toys',
        tag: 'toys',
        summary: 'Make a toy, wound up',
        scope: 'write',
        body: z.object({ title: z.string().trim().min(1).max(200) }),
        output: toy,
        status: 201
      })`,
    'server/store/migrations/toys.ts': `
      import type { Migration } from './migration.ts'

      export const toys: Migration = {
        sql: 'CREATE TABLE toys (id TEXT PRIMARY KEY, title TEXT NOT NULL, stops_at INTEGER, created_at INTEGER NOT NULL) STRICT'
      }`,
    'server/store/work/toys.ts': `
      import type { Toy } from '#contract/work/toys'
      import { insertRow, iso, partialUpdate } from '../columns.ts'
      import type { Database } from '../database.ts'

      export interface ToyRow {
        id: string
        title: string
        /** null: it stands still. */
        stops_at: number | null
        created_at: number
      }

      export function toyStore(db: Database) {
        const all = db.prepare<[], ToyRow>('SELECT * FROM toys ORDER BY id DESC LIMIT 100')
        const byId = db.prepare<[string], ToyRow>('SELECT * FROM toys WHERE id = ?')
        const next = db.prepare<[], ToyRow>('SELECT * FROM toys WHERE stops_at IS NOT NULL ORDER BY stops_at LIMIT 1')
        return {
          insert: insertRow<ToyRow>(db, 'toys', ['id', 'title', 'stops_at', 'created_at']),
          update: partialUpdate<ToyRow>(db, 'toys', 'id'),
          all: () => all.all(),
          byId: (id: string) => byId.get(id),
          next: () => next.get()
        }
      }

      export function toToy({ id, title, stops_at, created_at }: ToyRow): Toy {
        return { id, title, moves: stops_at !== null, createdAt: iso(created_at) }
      }`,
    'server/domain/work/toys.ts': `
      import type { Toy } from '#contract/work/toys'
      import { toToy } from '../../store/work/toys.ts'
      import { type Domain, recordChange } from '../domain.ts'

      const runsMs = 200

      export function listToys({ store }: Domain): Toy[] {
        return store.toys.all().map(toToy)
      }

      export function createToy(domain: Domain, { title }: { title: string }): Toy {
        const now = domain.clock.now()
        const row = { id: domain.newId(), title, stops_at: now + runsMs, created_at: now }
        domain.store.toys.insert(row)
        recordChange(domain, 'toy', 'created', row.id)
        domain.store.writer.afterCommit(() => domain.bus.publish('duties', '', null))
        return toToy(row)
      }`,
    'server/http/native/work/toys.ts': `
      import { createToy, listToys } from '#contract/work/toys'
      import * as toys from '../../../domain/work/toys.ts'
      import { type Route, read, write } from '../../for-faces.ts'

      export function toyRoutes(): Route[] {
        return [
          read(listToys, ({ domain }) => ({ data: toys.listToys(domain) })),
          write(createToy, ({ domain, body }) => toys.createToy(domain, body))
        ]
      }`
  },
  lines: [
    {
      file: 'server/contract/live.ts',
      list: "discriminatedUnion('noun', [",
      imports: "import { toy } from './work/toys.ts'",
      entry: "base.extend({ noun: z.literal('toy'), data: toy.nullable() })"
    },
    {
      file: 'server/store/migrations/index.ts',
      list: 'const migrations: ',
      imports: "import { toys } from './toys.ts'",
      entry: 'toys'
    },
    {
      file: 'server/store/store.ts',
      list: 'const rows = {',
      imports: "import { toyStore } from './work/toys.ts'",
      entry: 'toys: toyStore'
    },
    {
      file: 'server/store/audit/audited.ts',
      list: 'const audited: ',
      entry: "{ table: 'toys', noun: 'toy', id: 'row.id', kept: ['title', 'stops_at'] }"
    },
    {
      file: 'server/domain/changes.ts',
      list: 'const nouns: ',
      imports: "import { toToy } from '../store/work/toys.ts'",
      entry: 'toy: { seen: null, now: ({ store }, id) => as(toToy, store.toys.byId(id)) }'
    },
    {
      file: 'server/http/native/index.ts',
      list: 'const nouns: ',
      imports: "import { toyRoutes } from './work/toys.ts'",
      entry: "toys: ['What is played with', toyRoutes]"
    }
  ]
}

/** What must happen to a toy at a time. */
export const duty: Toy = {
  files: {
    'server/domain/work/toys-at-rest.ts': `
      import { recordChange } from '../domain.ts'
      import type { Duty } from '../duty.ts'

      export const toysAtRest: Duty = {
        due({ store, clock }) {
          const at = store.toys.next()?.stops_at ?? null
          return at === null ? null : at - clock.now()
        },
        perform(domain) {
          const row = domain.store.toys.next()
          if (!row) return
          domain.store.toys.update(row.id, { stops_at: null })
          recordChange(domain, 'toy', 'changed', row.id)
        },
        late: 'perform'
      }`
  },
  lines: [
    {
      file: 'server/domain/duties.ts',
      list: 'const duties: ',
      imports: "import { toysAtRest } from './work/toys-at-rest.ts'",
      entry: 'toysAtRest'
    }
  ]
}
