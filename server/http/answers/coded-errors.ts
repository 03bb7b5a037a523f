import { errorBody } from '#contract/errors'
import type { Face } from '../face.ts'

/** How a face tells errors that has codes to tell: `{error: {code, message}}`, with the request where the fault is ours. */
export const codedErrors: Pick<Face, 'errorBody' | 'renderError'> = {
  errorBody,
  renderError: ({ code, message, details, status }, requestId) => ({
    error: {
      code,
      message,
      ...(details === undefined ? {} : { details }),
      ...(status >= 500 ? { requestId } : {})
    }
  })
}
