import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { describe, expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }

const folder = join(import.meta.dirname, '../../../release/linux-unpacked')
const archive = join(folder, 'resources/app.asar')
const packed = listPackage(archive, { isPack: false }).map(path => path.replaceAll('\\', '/').slice(1))

function filesBelow(where: string): string[] {
  return readdirSync(where, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(where.length + 1))
}

describe('the packaged app', () => {
  test('holds the desktop, its pages and one library, and nothing else', () => {
    const folders = new Set(
      packed.filter(path => path.split('/').length > 1).map(path => path.split('/').slice(0, 2).join('/'))
    )
    expect([...folders].sort()).toEqual([
      'node_modules/better-sqlite3',
      'out/docs',
      'out/icons',
      'out/main',
      'out/preload',
      'out/renderer',
      'out/server'
    ])
    expect(packed.filter(path => !path.includes('/')).sort()).toEqual(['node_modules', 'out', 'package.json'])
    expect(packed).toEqual(
      expect.arrayContaining([
        'out/main/main.js',
        'out/preload/preload.cjs',
        'out/renderer/index.html',
        'out/server/docker-engine.js',
        'out/server/passwords.js',
        'out/server/reader.js',
        'out/server/search.js',
        'out/server/upkeep.js'
      ])
    )
  })

  test('starts at the main process', () => {
    const { main, version } = JSON.parse(extractFile(archive, 'package.json').toString())
    expect({ main, version }).toEqual({ main: 'out/main/main.js', version: packageJson.version })
  })

  test('has exactly one native module, for this system, outside of the archive', () => {
    const native = filesBelow(folder).filter(path => path.endsWith('.node'))
    const name = `linux-${process.arch}.node`
    expect(native).toEqual([`resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/${name}`])
  })

  test('carries the pinned Node, npm, the runner and the practice agent', () => {
    const bundle = join(folder, 'resources/runtime')
    const version = readFileSync(join(import.meta.dirname, '../../../node_modules/node/package.json'), 'utf8')
    expect(JSON.parse(version).version).toBe(packageJson.devDependencies.node)
    const node = join(import.meta.dirname, '../../../node_modules/node/bin/node')
    expect(readFileSync(join(bundle, 'node')).equals(readFileSync(node))).toBe(true)
    expect(readdirSync(bundle).sort()).toEqual([
      'agentfleet-runner.mjs',
      'lib',
      'manifest.json',
      'node',
      'npm',
      'practice-agent.mjs'
    ])
  })

  test('has its fuses flipped', async () => {
    const { version, ...wire } = await getCurrentFuseWire(join(folder, 'flotilla'))
    expect(version).toBe('1')
    const on = (option: FuseV1Options) => wire[option] === FuseState.ENABLE
    expect({
      runAsNode: on(FuseV1Options.RunAsNode),
      cookieEncryption: on(FuseV1Options.EnableCookieEncryption),
      nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
      filePrivileges: on(FuseV1Options.GrantFileProtocolExtraPrivileges)
    }).toEqual({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      inspect: false,
      asarIntegrity: true,
      onlyAsar: true,
      filePrivileges: false
    })
  })
})
