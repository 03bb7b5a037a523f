import { getSystem, healthz, type System } from '#contract/system'
import { counts, troubleOf } from '../../domain/system.ts'
import type { Context } from '../context.ts'
import type { Face } from '../face.ts'
import { type Route, read } from '../route.ts'

/** `native`: the face that these routes belong to. */
export function systemRoutes(context: Context, native: Face): Route[] {
  const { domain, config } = context
  const faces = [native, ...context.dialects]
  return [
    read(healthz, () => {
      const failure = troubleOf(domain)
      return { status: failure === null ? ('ok' as const) : ('degraded' as const), detail: failure }
    }),
    read(getSystem, call => {
      const failure = troubleOf(domain)
      return {
        version: config.version,
        instanceId: context.instanceId,
        startedAt: new Date(context.startedAt).toISOString(),
        url: context.url(),
        platform: process.platform,
        node: process.versions.node,
        faces: faces.map(face => describeFace(context, face)),
        runtimes: [...domain.runtimes],
        ...counts(call.domain),
        store: {
          status: failure === null ? ('ok' as const) : ('failing' as const),
          detail: failure,
          bytes: domain.store.bytes()
        }
      }
    })
  ]
}

function describeFace({ config, url }: Context, { id, title, prefix, limits }: Face): System['faces'][number] {
  return {
    id,
    title,
    baseUrl: url() + (prefix || '/api/v1'),
    docsUrl: `${url()}${prefix}/docs`,
    limits: limits
      .map(limit => ({
        requests: config.limits[limit.id] ?? limit.requests,
        windowSeconds: limit.windowMs / 1000,
        by: limit.by,
        under: limit.under === undefined ? null : prefix + limit.under
      }))
      .filter(({ requests }) => requests > 0)
  }
}
