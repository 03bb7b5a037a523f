import { lstat, readFile, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { type Git, GitFault, NoGit } from './git.ts'

/** A repository with a work tree, as far as checkpoints need it. Paths are absolute, links resolved. */
export interface Repository {
  /** Top of the work tree. */
  root: string
  gitDir: string
  commonDir: string
  objectFormat: string
  /** Of the settings only those that say how files lie on this disk. */
  settings: Readonly<Record<string, string>>
  /** Files of patterns that are ignored, beside those of the work tree. */
  excludes: readonly string[]
  /** Files of attributes, beside those of the work tree. */
  attributes: readonly string[]
}

export type Found =
  | { type: 'repository'; repository: Repository }
  | { type: 'none'; why: 'no-repository' | 'no-git' | 'refused'; message: string }

const wanted = 'core\\.(autocrlf|filemode|symlinks|ignorecase|precomposeunicode|excludesfile|attributesfile)'

/**
 * The repository in whose work tree a folder lies. `alone`: it must begin in that folder itself. Where there is none that is
 * known without starting a process.
 */
export async function findRepository(
  git: Git,
  folder: string,
  { alone, signal }: { alone: boolean; signal?: AbortSignal | undefined }
): Promise<Found> {
  const top = await topOf(folder, alone)
  if (top === null) return none('no-repository', 'The folder lies in no git repository')
  const { home } = await git.home()
  if (top !== folder && top === (await realpath(home).catch(() => home)))
    return none('no-repository', 'Its repository is that of the whole home folder, which is not looked at')
  try {
    return await described(git, top, signal)
  } catch (error) {
    if (error instanceof NoGit) return none('no-git', error.message)
    if (error instanceof GitFault) return none('refused', `git does not open the repository: ${error.message}`)
    throw error
  }
}

function none(why: Extract<Found, { type: 'none' }>['why'], message: string): Found {
  return { type: 'none', why, message }
}

/** The nearest folder with a `.git` in it. */
async function topOf(folder: string, alone: boolean): Promise<string | null> {
  if (await exists(join(folder, '.git'))) return folder
  const above = dirname(folder)
  return alone || above === folder ? null : await topOf(above, false)
}

export async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false
  )
}

async function described(git: Git, top: string, signal: AbortSignal | undefined): Promise<Found> {
  const call = { cwd: top, signal }
  const [told, settings] = await Promise.all([
    git.line(
      [
        'rev-parse',
        '--path-format=absolute',
        '--show-object-format',
        '--absolute-git-dir',
        '--git-common-dir',
        '--show-toplevel'
      ],
      call
    ),
    settingsOf(git, call)
  ])
  const [objectFormat = '', gitDir = '', commonDir = '', root = '', ...rest] = told.split('\n')
  if (rest.length > 0 || root === '') return none('refused', 'The path of the repository holds a line break')
  // Settings may name any folder of this machine as the work tree.
  if ((await realpath(root)) !== top) return none('refused', 'Its settings name a work tree that lies elsewhere')
  const own = await git.home()
  const named = (name: string, usual: string) => fileIn(settings[name], top, own.home) ?? join(own.settings, usual)
  return {
    type: 'repository',
    repository: {
      root: top,
      gitDir,
      commonDir,
      objectFormat,
      settings,
      excludes: [named('core.excludesfile', 'ignore'), join(commonDir, 'info', 'exclude')],
      attributes: [named('core.attributesfile', 'attributes'), join(commonDir, 'info', 'attributes')]
    }
  }
}

function fileIn(setting: string | undefined, top: string, home: string): string | null {
  if (!setting) return null
  if (setting.startsWith('~/')) return join(home, setting.slice(2))
  return isAbsolute(setting) ? setting : join(top, setting)
}

async function settingsOf(git: Git, call: { cwd: string; signal: AbortSignal | undefined }) {
  try {
    const listed = (await git.run(['config', '-z', '--get-regexp', `^${wanted}$`], call)).toString('utf8')
    const pairs = listed.split('\0').filter(Boolean)
    return Object.fromEntries(
      pairs.map(pair => {
        const at = pair.indexOf('\n')
        return at === -1 ? [pair, 'true'] : [pair.slice(0, at), pair.slice(at + 1)]
      })
    )
  } catch (error) {
    // It found none.
    if (error instanceof GitFault && error.exitCode === 1) return {}
    throw error
  }
}

/** Whether the content of files may be another in the repository than on disk. */
export async function mayConvert(git: Git, repository: Repository, signal?: AbortSignal): Promise<boolean> {
  const { root, settings, attributes } = repository
  if (!['false', undefined].includes(settings['core.autocrlf']?.toLowerCase())) return true
  const args = ['ls-files', '-z', '-c', '-o', '--exclude-standard', '--', ':(glob)**/.gitattributes']
  const below = (await git.run(args, { cwd: root, signal })).toString('utf8').split('\0').filter(Boolean)
  const files = [...attributes, ...below.map(path => join(root, path))]
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')))
  return texts.some(text => /\b(text|eol|crlf|filter|ident|working-tree-encoding)\b/.test(text))
}
