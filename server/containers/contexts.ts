import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { TlsFiles } from './address.ts'

/** A context of the `docker` command: an address under a name. */
export interface DockerContext {
  name: string
  address: string
  tls: TlsFiles | null
}

const configFile = z.object({ currentContext: z.string().max(200).optional() })
const metaFile = z.object({
  Name: z.string().min(1).max(200),
  Endpoints: z.object({ docker: z.object({ Host: z.string().min(1).max(4096) }) })
})

/** Context folders that are looked at. */
const most = 50

/** Name of the context in use; null: none, which is the usual socket. `folder`: that of the command, `~/.docker`. */
export function currentContext(folder: string): string | null {
  const name = readJson(join(folder, 'config.json'), configFile)?.currentContext
  return name === undefined || name === '' || name === 'default' ? null : name
}

/** What cannot be read is passed over, as the command does. */
export function readContexts(folder: string): DockerContext[] {
  return namesIn(join(folder, 'contexts', 'meta'))
    .slice(0, most)
    .flatMap(id => readJson(join(folder, 'contexts', 'meta', id, 'meta.json'), metaFile) ?? [])
    .map(({ Name: name, Endpoints }) => ({ name, address: Endpoints.docker.Host, tls: tlsOf(folder, name) }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

function tlsOf(folder: string, context: string): TlsFiles | null {
  const id = createHash('sha256').update(context).digest('hex')
  const files = join(folder, 'contexts', 'tls', id, 'docker')
  return namesIn(files).includes('ca.pem') ? tlsFiles(files) : null
}

export function tlsFiles(folder: string): TlsFiles {
  return { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function readJson<Shape extends z.ZodType>(file: string, shape: Shape): z.output<Shape> | null {
  try {
    return shape.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null
  } catch {
    return null
  }
}
