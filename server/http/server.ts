import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import express, { type RequestHandler, Router } from 'express'
import { AppError } from '#contract/errors'
import { type Config, ConfigError } from '../config.ts'
import type { Context } from './context.ts'
import { loginLimits } from './credentials/login.ts'
import { looking, refuseMethod } from './engine/methods.ts'
import { mountRoutes } from './engine/mount.ts'
import { renderErrors } from './errors.ts'
import type { Face, FaceMarks } from './face.ts'
import type { Limit } from './limits/limits.ts'
import { onePort } from './one-port.ts'
import { openApi } from './openapi.ts'
import { checkOrigin } from './origin.ts'
import { docsPage, pages } from './pages.ts'
import { chooseFace, createChooser, type ServedFace } from './root.ts'
import type { Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import type { Socket } from './sockets/socket.ts'
import { serveSockets } from './sockets/sockets.ts'

// Imported, it would read every export of the module at once, and one of them loads all of fetch: a third of a fast start.
const http = process.getBuiltinModule('node:http')

interface Served {
  face: Face
  routes: readonly Route[]
  sockets: readonly Socket[]
}

interface Serving {
  server: Server
  /** Ends what is open on WebSockets. */
  closeSockets(): void
}

/** Connections at a time; a client beyond it is closed at once. */
const maxConnections = 2000

/** The HTTP server with every face, our own first, not yet listening. Throws ConfigError. */
export function createServer(context: Context, faces: readonly Face[], announced: readonly FaceMarks[]): Serving {
  const { config } = context
  requireKnownLimits(config, [...faces.flatMap(face => face.limits), ...loginLimits])
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('case sensitive routing', true)
  const served = faces.map(face => ({ face, routes: face.routes(context), sockets: face.sockets ?? [] }))

  const choose = createChooser(served.map(reachOf), announced)

  app.use(nameRequest, securityHeaders(config), chooseFace(choose), guardOrigin(context))
  // The one without a prefix takes what no other has.
  for (const one of served.toSorted((a, b) => b.face.prefix.length - a.face.prefix.length))
    app.use(one.face.prefix || '/', serveFace(context, one))
  app.use(renderErrors(context.log))

  // Whatever else a client offers to speak, such as h2c, is for us to pass over: it is answered in HTTP/1.1.
  const shouldUpgradeCallback = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket'
  const server = http.createServer({ shouldUpgradeCallback }, app)
  if (context.certificate !== null) onePort(server, context.certificate, config)
  server.maxConnections = maxConnections
  server.headersTimeout = 10_000
  server.requestTimeout = 60_000
  // Longer than the pauses between two calls of a runner at work.
  server.keepAliveTimeout = 65_000
  const { close } = serveSockets(context, served, choose, server)
  return { server, closeSockets: close }
}

function reachOf({ face, routes, sockets }: Served): ServedFace {
  const paths = [...routes.map(({ endpoint }) => endpoint.path), ...sockets.map(({ path }) => path)]
  return { face, paths: [...paths, ...documentsOf(face)] }
}

/** Where the OpenAPI document of a face lies. */
function documentsOf({ base }: Pick<Face, 'base'>): string[] {
  return ['/openapi.json', ...(base === undefined ? [] : [`${base}/openapi.json`])]
}

function requireKnownLimits(config: Config, limits: readonly Limit[]): void {
  const known = [...new Set(limits.map(({ id }) => id))].sort()
  const unknown = Object.keys(config.limits).find(id => !known.includes(id))
  if (unknown !== undefined)
    throw new ConfigError(`--limits: there is no limit "${unknown}". There are ${known.join(', ')}.`)
}

/** Everything under the prefix of a face, its document and its 404 included. */
function serveFace(context: Context, { face, routes }: Served): Router {
  const router = Router({ caseSensitive: true })
  router.use(mountRoutes(context, face, routes))
  router.get(documentsOf(face), (_request, response) => {
    const endpoints = routes.map(({ endpoint }) => endpoint)
    response.json(openApi(face, { ...context.domain, version: context.version, url: context.url() }, endpoints))
  })
  router.use('/docs', docsPage(context))
  router.all([...documentsOf(face), '/docs'], refuseMethod(looking))
  if (face.prefix === '') router.use(pages(context))
  router.use(request => {
    throw new AppError('NOT_FOUND', `There is nothing at ${request.path}`)
  })
  return router
}

const nameRequest: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID())
  next()
}

function guardOrigin(context: Context): RequestHandler {
  return (request, _response, next) => {
    checkOrigin(context.config, request)
    next()
  }
}
