import { registerHooks } from 'node:module'

const standIn = new URL('./electron.mjs', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    if (!/^electron(\/(main|common|renderer))?$/.test(specifier)) return next(specifier, context)
    return { url: standIn, format: 'module', shortCircuit: true }
  }
})

const versions = { ...process.versions, electron: '45.4.1-stand-in', chrome: '156.0.0.0' }
Object.defineProperty(process, 'versions', { value: versions, configurable: true })
process.type = 'browser'
