import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'

/** Control plane that the dev server passes requests on to; scripts/dev.ts sets it. */
const target = process.env.FLOTILLA_DEV_TARGET ?? 'http://127.0.0.1:4747'
const served = ['/api', '/healthz', '/openapi.json', '/docs']

const config: UserConfig = {
  root: fileURLToPath(new URL('renderer', import.meta.url)),
  plugins: [react()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: fileURLToPath(new URL('out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // The server's CSP has no data: fonts or scripts; small assets stay files.
    assetsInlineLimit: 0,
    reportCompressedSize: false
  },
  server: {
    host: '127.0.0.1',
    // Host becomes the control plane's own. Origin goes through: FLOTILLA_DEV_ORIGIN admits this server's.
    proxy: Object.fromEntries(served.map(path => [path, { target, changeOrigin: true, ws: path === '/api' }]))
  }
}

export default defineConfig(({ command }) => {
  // A build asked for by a test would hold React for development, which is larger and slower.
  if (command === 'build') process.env.NODE_ENV = 'production'
  return config
})
