import { AppError } from '#contract/errors'
import { fetchRunImage } from '#contract/runners/images'
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
import { untilItsTurn } from '../../domain/runners/early-batches.ts'
import { requireFreeIdentity } from '../../domain/runners/identity.ts'
import * as protocol from '../../domain/runners/runner-protocol.ts'
import { requireStanding } from '../credentials/authenticate.ts'
import { linesOf } from '../engine/body.ts'
import { type Route, read, wait, write, writeAfter } from '../route.ts'
import type { Services } from '../services.ts'
import { parked } from './parked.ts'

/**
 * The runner protocol, spoken by every face whose keys runners come with: at the root they lead a runner there. A parked
 * call waits for a wake-up, the end of its time, its client leaving, or our own stop.
 */
export function runnerProtocolRoutes({ stopping, leaving }: Services): Route[] {
  return [
    writeAfter(
      registerRunner,
      ({ domain, body }) => requireFreeIdentity(domain, body),
      ({ domain, body }) => protocol.register(domain, body)
    ),
    wait(claimRuns, async call => {
      const { domain, body, request, actor, principal } = call
      const until = performance.now() + body.waitSeconds * 1000
      for (;;) {
        if (stopping.aborted) throw new AppError('SHUTTING_DOWN', 'The control plane is stopping')
        if (request.socket.destroyed) return { runs: [] }
        requireStanding(domain, principal, claimRuns)
        if (protocol.hasClaimable(domain, body)) {
          const runs = await domain.store.writer.write(() => {
            requireStanding(domain, principal, claimRuns)
            return protocol.claim(domain, body, body.free)
          }, actor)
          if (runs.length > 0) return { runs }
        }
        const left = until - performance.now()
        if (left <= 0) return { runs: [] }
        await parked(stopping, 'claim', left, { ...call, runner: body.runnerId })
      }
    }),
    wait(pollCommands, async call => {
      const { domain, body, request, actor, principal } = call
      const until = performance.now() + body.waitSeconds * 1000
      const { abandon } = await protocol.beat(domain, body, actor)
      for (;;) {
        requireStanding(domain, principal, pollCommands)
        const commands = protocol.pendingCommands(domain, body, body.after)
        const leave = leaving()
        const left = until - performance.now()
        if (commands.length > 0 || abandon.length > 0 || leave !== 'no' || left <= 0)
          return { commands, abandon, leave }
        if (request.socket.destroyed) return { commands: [], abandon: [], leave }
        if (await parked(stopping, 'commands', left, { ...call, runner: body.runnerId }))
          return { commands: [], abandon: [], leave }
      }
    }),
    write(heartbeat, ({ domain, body }) => {
      protocol.report(domain, body, body)
      return { success: true as const }
    }),
    write(leaveRunner, ({ domain, body }) => {
      protocol.leave(domain, body, leaving() !== 'no')
      return { success: true as const }
    }),
    read(answerQuestion, ({ domain, params, body }) => {
      protocol.answerQuestion(domain, body, params.id, body.reply)
      return { success: true as const }
    }),
    ...tellingRoutes()
  ]
}

/** What it tells of its runs. */
function tellingRoutes(): Route[] {
  return [
    write(reportDaemons, ({ domain, params, body }) => {
      protocol.reportDaemons(domain, params.id, body, body.daemons)
      return { success: true as const }
    }),
    read(fetchRunImage, ({ domain, params, body }) => protocol.readImage(domain, params.id, body, params.image)),
    writeAfter(
      sendEvents,
      ({ domain, params, body }) => untilItsTurn(domain, params.id, body),
      ({ domain, params, body, request }) => protocol.receive(domain, params.id, body, linesOf(request))
    ),
    writeAfter(
      finishRun,
      ({ domain, params, body }) => untilItsTurn(domain, params.id, body),
      ({ domain, params, body, request }) => protocol.finish(domain, params.id, body, linesOf(request))
    )
  ]
}
