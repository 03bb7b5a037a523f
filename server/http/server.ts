import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import express, { type RequestHandler } from 'express'
import { AppError } from '#contract/errors'
import type { Context } from './context.ts'
import { nativeErrors } from './errors.ts'
import { nativeRoutes } from './native/index.ts'
import { openApi } from './openapi.ts'
import { checkOrigin } from './origin.ts'
import { pages } from './pages.ts'
import { mountRoutes } from './route.ts'
import { securityHeaders } from './security-headers.ts'

// Imported, it would read every export of the module at once, and one of them loads all of fetch: a third of a fast start.
const http = process.getBuiltinModule('node:http')
const https = () => process.getBuiltinModule('node:https')

/** Connections at a time; a client beyond it is closed at once. */
const maxConnections = 2000

/** The HTTP server with every face, not yet listening. */
export function createServer(context: Context): Server {
  const { config } = context
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('case sensitive routing', true)
  const routes = nativeRoutes(context)
  const endpoints = routes.map(route => route.endpoint)
  const document = () => openApi({ title: 'Flotilla', version: config.version, url: context.url() }, endpoints)

  app.use(nameRequest, securityHeaders(config), guardOrigin(context))
  app.use(mountRoutes(context, routes))
  app.use(pages(context, document))
  app.use(request => {
    throw new AppError('NOT_FOUND', `There is nothing at ${request.path}`)
  })
  app.use(nativeErrors(context.log))

  const server = config.tls ? https().createServer(config.tls, app) : http.createServer(app)
  server.maxConnections = maxConnections
  server.headersTimeout = 10_000
  server.requestTimeout = 60_000
  // Longer than a parked poll, so that a runner's connection is not closed under it.
  server.keepAliveTimeout = 65_000
  return server
}

const nameRequest: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID())
  next()
}

function guardOrigin(context: Context): RequestHandler {
  return (request, _response, next) => {
    checkOrigin(context.config, request.socket.localPort ?? 0, request)
    next()
  }
}
