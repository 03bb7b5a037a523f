// All that a face may use of http: our own one and the dialects alike.
export { type AuditColumns, sendAudit } from './answers/audit-export.ts'
export { codedErrors } from './answers/coded-errors.ts'
export { sendFile } from './answers/file.ts'
export { paginated } from './answers/pagination.ts'
export { eventPage, withAllEvents } from './answers/run-events.ts'
export { openEventStream, resumeAfter, wantsEventStream } from './answers/sse.ts'
export { csvOf, csvType, sendTextFile } from './answers/text-file.ts'
export { rawBody } from './engine/body.ts'
export type { Face, FaceMarks } from './face.ts'
export { day, minute, quarterHour } from './limits/limits.ts'
export {
  Answered,
  type Call,
  follow,
  outcome,
  protocol,
  type Route,
  read,
  readList,
  stream,
  wait,
  write,
  writeAfter
} from './route.ts'
export { runnerProtocolRoutes } from './runners/runner-protocol.ts'
export type { Services } from './services.ts'
export { type Socket, type SocketCall, socket } from './sockets/socket.ts'
