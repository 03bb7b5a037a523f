import { getSystem, healthz } from '#contract/system'
import { counts, troubleOf } from '../../domain/system.ts'
import type { Context } from '../context.ts'
import { type Route, read } from '../route.ts'

export function systemRoutes(context: Context): Route[] {
  const { domain, config } = context
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
        faces: [
          { id: 'native', title: 'Flotilla', baseUrl: `${context.url()}/api/v1` },
          ...context.dialects.map(({ id, title, prefix }) => ({ id, title, baseUrl: context.url() + prefix }))
        ],
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
