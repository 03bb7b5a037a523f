// All that a dialect may use of http.
export { sendAudit } from './audit-export.ts'
export type { Context } from './context.ts'
export type { Face } from './face.ts'
export { minute, quarterHour } from './limits.ts'
export { checkCode, checkPassword, giveToken } from './login.ts'
export { paginated } from './pagination.ts'
export { Answered, type Call, follow, type Route, read, stream, wait, write } from './route.ts'
export { openEventStream } from './sse.ts'
