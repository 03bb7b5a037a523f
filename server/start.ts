import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * What `out/server/main.js` is: it runs the program beside it, compiled once for each build instead of at each start. Where
 * the cache cannot be written, the start is only slower.
 */
enableCompileCache(join(import.meta.dirname, '../compile-cache'))
await import(pathToFileURL(join(import.meta.dirname, 'control-plane.js')).href)
