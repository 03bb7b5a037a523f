import type { RuntimeReport } from '#contract/runners/runners'
import type { Tone } from '../ui/glyph.tsx'

/** One line on the state of a runtime. */
export function runtimeState(report: RuntimeReport): { tone: Tone; words: string } {
  const version = report.version ? `${report.version}, ` : ''
  switch (report.state) {
    case 'ready':
      return { tone: 'done', words: `${version}${signInWords[report.signedIn]}` }
    case 'not_signed_in':
      return { tone: 'waiting', words: `${version}not signed in` }
    case 'looking':
      return { tone: 'queued', words: 'looking for it' }
    case 'missing':
      return { tone: 'queued', words: 'not installed' }
    case 'too_old':
      return { tone: 'failed', words: `${version}too old` }
    case 'broken':
      return { tone: 'failed', words: 'does not start' }
    case 'installing':
      return { tone: 'running', words: 'installing' }
  }
}

const signInWords: Record<RuntimeReport['signedIn'], string> = {
  yes: 'signed in',
  no: 'not signed in',
  unknown: 'ready',
  not_needed: 'ready'
}

const practicePrompts = {
  private: ['write hello.txt: Hello', 'list', 'run date'],
  folder: ['list', 'read README.md', 'write hello.txt: Hello']
}
const agentPrompts = {
  private: [
    'Write a web page that shows a clock',
    'Write a to-do list for the command line, with tests',
    'Draw the Mandelbrot set as an SVG file'
  ],
  folder: [
    'Explain what this project does and how it is built',
    'Run the tests and fix the first one that fails',
    'Write the README that a newcomer needs'
  ]
}

export function suggestionsFor({ kind }: Pick<RuntimeReport, 'kind'>, where: 'folder' | 'private'): string[] {
  return (kind === 'practice' ? practicePrompts : agentPrompts)[where]
}
