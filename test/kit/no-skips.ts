import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Lists what was skipped. In CI that is a failure: a check that did not run proves nothing. */
export class NoSkips implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap(module => [...module.children.allTests('skipped')].map(describeSkip))
    if (skipped.length === 0) return
    console.log(`\nSkipped:\n${skipped.join('\n')}`)
    if (!process.env.CI) return
    console.error(`\n${skipped.length} skipped; in CI every test must run.`)
    process.exitCode = 1
  }
}

function describeSkip(test: TestCase): string {
  return `  ${test.module.relativeModuleId} > ${test.fullName}`
}
