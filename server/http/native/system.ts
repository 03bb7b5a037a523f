import { getSystem, healthz, type System } from '#contract/system'
import { counts, troubleOf } from '../../domain/system.ts'
import { type Route, read, type Services } from '../for-faces.ts'

export function systemRoutes(services: Services): Route[] {
  return [
    read(healthz, ({ domain }) => {
      const failure = troubleOf(domain)
      return { status: failure === null ? ('ok' as const) : ('degraded' as const), detail: failure }
    }),
    read(getSystem, ({ domain }) => {
      const failure = troubleOf(domain)
      return {
        version: services.version,
        instanceId: services.instanceId,
        startedAt: new Date(services.startedAt).toISOString(),
        url: services.url(),
        addresses: services.addresses(),
        platform: process.platform,
        node: process.versions.node,
        faces: services.faces.map(face => describeFace(services.url(), face)),
        keyStyles: [...domain.keyStyles],
        runtimes: [...domain.runtimes],
        ...counts(domain),
        store: {
          status: failure === null ? ('ok' as const) : ('failing' as const),
          detail: failure,
          bytes: domain.store.bytes()
        }
      }
    })
  ]
}

function describeFace(url: string, { id, title, prefix, limits }: Services['faces'][number]): System['faces'][number] {
  return {
    id,
    title,
    baseUrl: url + (prefix || '/api/v1'),
    docsUrl: `${url}${prefix}/docs`,
    limits: limits.map(({ requests, windowMs, by, under }) => ({
      requests,
      windowSeconds: windowMs / 1000,
      by,
      under: under === undefined ? null : prefix + under
    }))
  }
}
