import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type Script = typeof import('./make/make-certificate.ts')
export type MakeCertificate = Script['makeCertificate']

/** Its script, with all that writes certificates, is loaded when one is to be made: about once in a year. */
export function certificateMaker(outDir: string): MakeCertificate {
  const file = pathToFileURL(join(outDir, 'server', 'make-certificate.js')).href
  return async wish => ((await import(file)) as Script).makeCertificate(wish)
}
