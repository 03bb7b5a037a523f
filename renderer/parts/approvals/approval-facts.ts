import type { Request } from './approval-request.ts'

export interface Fact {
  name: string
  value: string
}

/** What can be told of a request from its own words, without asking the agent; `cwd` is the folder of the run. */
export function factsOf(request: Request, cwd: string | null): Fact[] {
  switch (request.kind) {
    case 'edit':
    case 'write':
      return [
        { name: 'Touches', value: isInside(request.path, cwd) ? '1 file in its folder' : '1 file outside its folder' },
        { name: 'Network', value: 'None' },
        { name: 'Undo', value: 'The change stays in the run' }
      ]
    case 'edits': {
      const outside = request.edits.filter(({ path }) => !isInside(path, cwd)).length
      const files = request.edits.length === 1 ? '1 file' : `${request.edits.length} files`
      return [
        {
          name: 'Touches',
          value: outside === 0 ? `${files} in its folder` : `${files}, ${outside} outside its folder`
        },
        { name: 'Network', value: 'None' },
        { name: 'Undo', value: 'The changes stay in the run' }
      ]
    }
    case 'fetch':
      return [
        { name: 'Touches', value: 'No files' },
        { name: 'Network', value: hostOf(request.url) }
      ]
    case 'command':
      return [
        { name: 'Touches', value: 'What the command decides' },
        { name: 'Network', value: 'Not limited' },
        { name: 'Undo', value: 'Nothing is kept' }
      ]
    default:
      return []
  }
}

function isInside(path: string, cwd: string | null): boolean {
  const absolute = /^([\\/]|[A-Za-z]:)/.test(path)
  const climbs = path.split(/[\\/]/).includes('..')
  if (!absolute) return !climbs
  return cwd !== null && !climbs && (path.startsWith(`${cwd}/`) || path.startsWith(`${cwd}\\`))
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url
}
