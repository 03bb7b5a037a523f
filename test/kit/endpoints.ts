import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint } from '#contract/endpoint'
import { dialects } from '../../server/dialects/index.ts'

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'scope' in value
}

/** What the files of a folder declare, those of the folders in it included. */
async function declaredIn(folder: string): Promise<Endpoint[]> {
  const root = join(import.meta.dirname, '../../server', folder)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
  const code = files.filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const modules = await Promise.all(code.map(file => import(join(root, file)) as Promise<Record<string, unknown>>))
  return modules.flatMap(declared => Object.values(declared).filter(isEndpoint))
}

/** Every endpoint that the contract declares. */
export const endpoints: Endpoint[] = await declaredIn('contract')

/** A face whose keys runners come with speaks their protocol. */
const runnerProtocol = endpoints.filter(({ scope }) => scope === 'runner')

const ofDialects = await Promise.all(
  dialects.map(async ({ id, keys }) => {
    const spoken = keys?.scopes.includes('runner') ? runnerProtocol : []
    return [id, [...(await declaredIn(`dialects/${id}/endpoints`)), ...spoken]] as const
  })
)

/** Every endpoint of every face, by the id of the face. */
export const endpointsOfFaces: Record<string, Endpoint[]> = { native: endpoints, ...Object.fromEntries(ofDialects) }
