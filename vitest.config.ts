import { defineConfig } from 'vitest/config'
import { NoSkips } from './test/kit/no-skips.ts'

// An older Node dies in the middle of a test, without a word.
if (Number.parseInt(process.versions.node, 10) < 24)
  throw new Error(`Tests need the Node of package.json, not ${process.version}. Run them by npm test.`)

const inCi = Boolean(process.env.CI)
/** A condition that is awaited may take its time on a busy machine; only then does it count as not met. */
const patient = { poll: { timeout: 20_000 } }
/** `.ci/long` packs the desktop and tries that as well. */
const everything = Boolean(process.env.FLOTILLA_TEST_EVERYTHING)
/** Every answer of a control plane in these tests is checked against its document. */
const setupFiles = ['test/kit/check-wire.ts']

/** The desktop's specs once more, on what its users install. */
const packed = {
  test: {
    name: 'packed',
    include: ['test/desktop/*.test.ts', 'test/desktop/packed/*.test.ts'],
    globalSetup: ['test/desktop/packed/setup.ts', 'test/desktop/setup.ts'],
    env: { FLOTILLA_DESKTOP_PACKED: '1' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: patient
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Two cores are what the smallest machine of this project has, and a test waits for other processes half of its time.
    maxWorkers: 3,
    reporters: inCi ? ['default', 'json', new NoSkips()] : ['default', new NoSkips()],
    outputFile: { json: '.cache/vitest.json' },
    projects: [
      {
        test: {
          name: 'unit',
          // Work of other programs on the same machine must not fail a test that only computes.
          testTimeout: 60_000,
          // All that no other project takes: a test that is not run is worse than none.
          include: ['{server,main,preload,renderer,resources,scripts,test}/**/*.test.{ts,tsx}'],
          exclude: ['test/{app,faults,ui,desktop}/**', 'server/dialects/**']
        }
      },
      {
        test: {
          name: 'app',
          setupFiles,
          // The tests of a dialect lie beside it, and boot a control plane as well.
          include: ['test/app/**/*.test.ts', 'server/dialects/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: patient
        }
      },
      {
        test: {
          name: 'faults',
          setupFiles,
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: patient
        }
      },
      {
        test: {
          name: 'ui',
          setupFiles,
          include: ['test/ui/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: patient
        }
      },
      {
        test: {
          name: 'desktop',
          include: ['test/desktop/*.test.ts'],
          globalSetup: ['test/desktop/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: patient
        }
      },
      ...(everything ? [packed] : [])
    ]
  }
})
