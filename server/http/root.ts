import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { claimedFace, looksLikeJwt } from '../domain/people/tokens.ts'
import type { Face } from './face.ts'
import type { Route } from './route.ts'

export interface ServedFace {
  face: Face
  routes: readonly Route[]
}

/**
 * Which face answers a path without a prefix: that of the credential's kind, else the first of the owners that has the
 * path. So a client that can only change its host keeps its paths.
 */
interface Root {
  under: string
  /** Face by how the credential begins. */
  byCredential: Readonly<Record<string, string>>
  /** A JWT belongs to the face whose login gave it. */
  byClaim?: true
  owners: readonly string[]
}

const roots: readonly Root[] = [
  {
    under: '/api/v1/',
    byCredential: { flc_: 'fleece', af_live_: 'agentfleet', fr_live_: 'native', flt_: 'native' },
    owners: ['native', 'fleece', 'agentfleet']
  },
  {
    under: '/api/',
    byCredential: { fr_live_: 'fleetrun' },
    byClaim: true,
    owners: ['agenfleet', 'fleetrun', 'trinity']
  }
]

const chosen = new WeakMap<IncomingMessage, Face>()

/** The face that answers a request. */
export function faceOf(request: IncomingMessage): Face {
  const face = chosen.get(request)
  if (!face) throw new Error('a request was answered before its face was chosen')
  return face
}

/** Sends each request to its face; what comes to the root gets the prefix of the face that answers there. */
export function chooseFace(native: Face, served: readonly ServedFace[]): RequestHandler {
  const prefixed = served.map(({ face }) => face).filter(({ prefix }) => prefix !== '')
  const owns = ownership(served)
  const faces = new Map(served.map(({ face }) => [face.id, face]))

  /** The face of a path that is written in another case or with more slashes is found too, for it answers the 404. */
  function faceAtRoot(request: IncomingMessage, path: string): Face {
    const root = roots.find(({ under }) => path.startsWith(under))
    const id = root && (faceOfCredential(root, request) ?? root.owners.find(owner => owns(owner, path)))
    return (id === undefined ? undefined : faces.get(id)) ?? native
  }

  return (request, _response, next) => {
    const path = request.path.replace(/^\/+/, '/').toLowerCase()
    const named = prefixed.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    const face = named ?? faceAtRoot(request, request.path)
    chosen.set(request, face)
    if (!named) request.url = face.prefix + request.url
    next()
  }
}

/** By what the credential looks like; whether it is any good is for the face to find out. */
function faceOfCredential(root: Root, request: IncomingMessage): string | undefined {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (root.byClaim && looksLikeJwt(token)) return root.owners.find(owner => owner === claimedFace(token))
  return Object.entries(root.byCredential).find(([beginning]) => token.startsWith(beginning))?.[1]
}

function ownership(served: readonly ServedFace[]): (face: string, path: string) => boolean {
  const patterns = new Map(
    served.map(({ face, routes }) => [face.id, routes.map(({ endpoint }) => patternOf(endpoint.path))])
  )
  return (face, path) => patterns.get(face)?.some(pattern => pattern.test(path)) ?? false
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}/?$`)
}
