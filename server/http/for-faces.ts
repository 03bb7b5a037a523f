// All that a face may use of http: our own one and the dialects alike.
export { type AuditColumns, sendAudit } from './audit-export.ts'
export { requireStanding } from './authenticate.ts'
export type { Face, FaceMarks } from './face.ts'
export { minute, quarterHour } from './limits.ts'
export { paginated } from './pagination.ts'
export { onceWorthLess } from './revocation.ts'
export {
  Answered,
  type Call,
  follow,
  protocol,
  type Route,
  read,
  readList,
  stream,
  wait,
  write,
  writeAfter
} from './route.ts'
export type { Services } from './services.ts'
export { type Socket, type SocketCall, socket } from './socket.ts'
export { openEventStream, resumeAfter, wantsEventStream } from './sse.ts'
export { csvOf, csvType, sendTextFile } from './text-file.ts'
