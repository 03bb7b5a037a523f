import { AppError } from '#contract/errors'
import {
  answerQuestion,
  claimRuns,
  finishRun,
  heartbeat,
  leaveRunner,
  pollCommands,
  registerRunner,
  reportDaemons,
  sendEvents
} from '#contract/runners/runner-protocol'
import { requireFreeIdentity } from '../../../domain/runners/identity.ts'
import * as protocol from '../../../domain/runners/runner-protocol.ts'
import { requireStanding } from '../../authenticate.ts'
import type { Context } from '../../context.ts'
import { type Route, read, wait, write, writeAfter } from '../../route.ts'
import { parked } from './parked.ts'

/** The runner protocol. A parked call waits for a wake-up, the end of its time, its client leaving, or our own stop. */
export function runnerProtocolRoutes(context: Context): Route[] {
  const { domain } = context
  const { writer } = domain.store

  return [
    writeAfter(
      registerRunner,
      ({ body }) => requireFreeIdentity(domain, body),
      ({ body }) => protocol.register(domain, body)
    ),
    wait(claimRuns, async call => {
      const { body, request, actor, principal } = call
      const until = performance.now() + body.waitSeconds * 1000
      for (;;) {
        if (context.stopping.aborted) throw new AppError('SHUTTING_DOWN', 'The control plane is stopping')
        if (request.socket.destroyed) return { runs: [] }
        requireStanding(domain, principal, claimRuns)
        if (protocol.hasClaimable(domain, body)) {
          const runs = await writer.write(() => {
            requireStanding(domain, principal, claimRuns)
            return protocol.claim(domain, body, body.free)
          }, actor)
          if (runs.length > 0) return { runs }
        }
        const left = until - performance.now()
        if (left <= 0) return { runs: [] }
        await parked(context, 'claim', left, { ...call, runner: body.runnerId })
      }
    }),
    wait(pollCommands, async call => {
      const { body, request, actor, principal } = call
      const until = performance.now() + body.waitSeconds * 1000
      const { abandon } = await protocol.beat(domain, body, actor)
      for (;;) {
        requireStanding(domain, principal, pollCommands)
        const commands = protocol.pendingCommands(domain, body, body.after)
        const leave = context.leaving()
        const left = until - performance.now()
        if (commands.length > 0 || abandon.length > 0 || leave !== 'no' || left <= 0)
          return { commands, abandon, leave }
        if (request.socket.destroyed) return { commands: [], abandon: [], leave }
        if (await parked(context, 'commands', left, { ...call, runner: body.runnerId }))
          return { commands: [], abandon: [], leave }
      }
    }),
    write(heartbeat, ({ body }) => {
      protocol.report(domain, body, body)
      return { success: true as const }
    }),
    write(leaveRunner, ({ body }) => {
      protocol.leave(domain, body, context.leaving() !== 'no')
      return { success: true as const }
    }),
    read(answerQuestion, ({ params, body }) => {
      protocol.answerQuestion(domain, body, params.id, body.reply)
      return { success: true as const }
    }),
    ...tellingRoutes(context)
  ]
}

/** What it tells of its runs. */
function tellingRoutes({ domain }: Context): Route[] {
  return [
    write(reportDaemons, ({ params, body }) => {
      protocol.reportDaemons(domain, params.id, body, body.daemons)
      return { success: true as const }
    }),
    write(sendEvents, ({ params, body }) => protocol.receive(domain, params.id, body)),
    write(finishRun, ({ params, body }) => protocol.finish(domain, params.id, body))
  ]
}
