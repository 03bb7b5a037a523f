import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import express, { type RequestHandler, type Response, Router } from 'express'
import { runnerProgramPath } from '#contract/runners/runner-program'
import { screens } from '#contract/screens'
import { auditRefusal } from '../domain/audit/audit.ts'
import type { Context } from './context.ts'
import { visitor } from './credentials/actor.ts'
import { clientOf } from './credentials/client.ts'
import { looking, refuseMethod } from './engine/methods.ts'

/** `/` and whatever lies under a screen. */
const paths = ['/', ...screens.map(path => `${path}{/*rest}`)]

/** The UI and the one-time login: what is served without a credential. */
export function pages(context: Context): Router {
  const router = Router()
  const ui = join(context.config.outDir, 'renderer')
  router.get('/', redeemToken(context))
  router.use(express.static(ui, { index: false, immutable: true, maxAge: '1y', setHeaders: noCacheForNamed(ui) }))
  router.get(paths, (request, response, next) => {
    if (!request.accepts('html')) return next()
    sendIndex(response, ui)
  })
  router.get(runnerProgramPath, sendRunner(context))
  router.all([...paths, runnerProgramPath], refuseMethod(looking))
  return router
}

/** The page that tries out and explains a face, beside its document. */
export function docsPage({ config }: Context): RequestHandler {
  return express.static(join(config.outDir, 'docs'), { redirect: true })
}

/** Only files with a hash in their name may be kept for ever. */
function noCacheForNamed(ui: string) {
  return (response: Response, path: string) => {
    if (!path.startsWith(join(ui, 'assets'))) response.setHeader('Cache-Control', 'no-cache')
  }
}

function sendIndex(response: Response, ui: string): void {
  const index = join(ui, 'index.html')
  response.setHeader('Cache-Control', 'no-cache')
  // By its root: express refuses an absolute path that has a folder with a dot, such as the mount point of an AppImage.
  if (existsSync(index)) response.sendFile('index.html', { root: ui })
  else response.status(503).type('text/plain').send('The user interface has not been built. Run: npm run build')
}

/** By its root, as the page is. */
function sendRunner({ config }: Context): RequestHandler {
  return (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache')
    response.attachment(basename(runnerProgramPath))
    response.sendFile(basename(config.runnerFile), { root: dirname(config.runnerFile) })
  }
}

/** `/?token=…`, once: the token becomes a cookie, and leaves the address bar. */
function redeemToken(context: Context): RequestHandler {
  return async (request, response, next) => {
    const { token } = request.query
    // A HEAD is somebody who looks where the link leads, such as a chat that draws a preview.
    if (typeof token !== 'string' || token === '' || request.method === 'HEAD') return next()
    const by = visitor(request, 'login link')
    const secret = token.length <= 200 ? await context.waysIn.redeem(token, clientOf(request), by) : null
    response.setHeader('Cache-Control', 'no-store')
    if (secret === null)
      await auditRefusal(context.domain, by, { action: 'session.created', noun: 'session', target: '' })
    if (secret === null) return response.redirect(303, '/sign-in?link=spent')
    context.cookies.set(response, secret)
    response.redirect(303, '/')
  }
}
