import type { Face } from '../http/for-faces.ts'

/**
 * A face that renders the published API of another product, so that its clients work here after changing their base URL
 * and their token. Its folder translates words; what happens is up to the domain.
 */
export interface Dialect extends Face {
  /** `/` and its id. */
  prefix: `/${string}`
}
