import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OpenEngine } from './engine.ts'

type Script = typeof import('./docker/docker-engine.ts')

/** Its script in `folder`, with all that speaks to engines, is loaded when the first engine answers: most never have one. */
export function engineLoader(folder: string): OpenEngine {
  const file = pathToFileURL(join(folder, 'docker-engine.js')).href
  return async address => ((await import(file)) as Script).openDockerEngine(address)
}
