import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { ownerTokenPrefix } from '../domain/people/logins.ts'
import { claimedFace, looksLikeJwt } from '../domain/people/tokens.ts'
import type { Face, FaceMarks } from './face.ts'

export interface ServedFace {
  face: Face
  /** Of its endpoints, and of whatever else it answers under its prefix. */
  paths: readonly string[]
}

/** The face that answers a request, and the request's address there. */
interface Destination {
  face: Face
  url: string
}

/** Where a request goes; `path` is its address without the query. */
export type Chooser = (request: IncomingMessage, url: string, path: string) => Destination

const chosen = new WeakMap<IncomingMessage, Face>()

/** The face that answers a request. */
export function faceOf(request: IncomingMessage): Face {
  const face = chosen.get(request)
  if (!face) throw new Error('a request was answered before its face was chosen')
  return face
}

/**
 * A prefix always means its face. At the root the credential says which face answers, else the first that has the path: so a
 * client that can only change its host keeps its paths. What belongs to nobody is for our own face.
 */
export function createChooser(served: readonly ServedFace[], announced: readonly FaceMarks[] = []): Chooser {
  const faces = new Map(served.map(({ face }) => [face.id, face]))
  const marks: readonly FaceMarks[] = [...faces.values(), ...announced]
  const prefixed = [...faces.values()].filter(({ prefix }) => prefix !== '')
  const native = withoutPrefix(served)
  const roots = [...new Set(marks.map(({ root }) => root))].sort((one, other) => other.length - one.length)
  const beginnings = [ownerTokenPrefix, ...marks.flatMap(({ keys }) => keys?.prefix ?? [])]
  const owns = ownership(served)

  function atRoot(request: IncomingMessage, path: string): Face {
    const root = roots.find(one => path.startsWith(one))
    const here = marks.filter(one => one.root === root)
    const found = ofCredential(here, bearerOf(request)) ?? here.find(one => owns(one.id, path))
    return (found && faces.get(found.id)) ?? native
  }

  /** By what the credential looks like; whether it is any good is for the face to find out. */
  function ofCredential(here: readonly FaceMarks[], token: string): FaceMarks | undefined {
    if (looksLikeJwt(token)) return here.find(({ tokens, id }) => tokens && id === claimedFace(token))
    const own = here.find(({ keys }) => keys && token.startsWith(keys.prefix))
    if (own || !beginnings.some(beginning => token.startsWith(beginning))) return own
    return here.find(({ id }) => id === native.id)
  }

  return (request, url, path) => {
    // The face of a path that is written in another case or with more slashes is found too, for it answers the 404.
    const plain = path.replace(/^\/+/, '/').toLowerCase()
    const named = prefixed.find(({ prefix }) => plain === prefix || plain.startsWith(`${prefix}/`))
    const face = named ?? atRoot(request, path)
    chosen.set(request, face)
    return { face, url: named ? url : face.prefix + url }
  }
}

/** Sends each request to its face. */
export function chooseFace(choose: Chooser): RequestHandler {
  return (request, _response, next) => {
    request.url = choose(request, request.url, request.path).url
    next()
  }
}

function withoutPrefix(served: readonly ServedFace[]): Face {
  const native = served.find(({ face }) => face.prefix === '')?.face
  if (!native) throw new Error('no face answers where no other does')
  return native
}

function bearerOf({ headers }: IncomingMessage): string {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}

function ownership(served: readonly ServedFace[]): (face: string, path: string) => boolean {
  const patterns = new Map(served.map(({ face, paths }) => [face.id, paths.map(patternOf)]))
  return (face, path) => patterns.get(face)?.some(pattern => pattern.test(path)) ?? false
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}/?$`)
}
