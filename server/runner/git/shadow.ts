import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { type Git, GitFault } from './git.ts'
import { mayConvert, type Repository } from './repository.ts'

/** Content goes in and out byte by byte, whatever the repository says: no line endings are changed, no filter is asked. */
const attributes = '* -text !eol !filter !ident !working-tree-encoding\n'
/** Of a process that was killed while it wrote the index. */
const staleLockMs = 120_000

/**
 * A git folder of our own beside that of a repository: it shares the objects, and has an index, settings and attributes of its
 * own. So the user's index is never written, what the repository's settings say never acts, and content is kept as it lies on
 * disk.
 */
export class Shadow {
  readonly repository: Repository
  readonly index: string
  private readonly git: Git
  private readonly folder: string
  private seenIndex = ''
  private last: Promise<unknown> = Promise.resolve()

  constructor(git: Git, repository: Repository, parent: string) {
    this.git = git
    this.repository = repository
    const name = createHash('sha256').update(`${repository.root}\0${repository.gitDir}`).digest('hex').slice(0, 32)
    this.folder = join(parent, name)
    this.index = join(this.folder, 'index')
  }

  /** One after the other: they share the index. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work, work)
    this.last = turn.catch(() => {})
    return await turn
  }

  async run(
    args: readonly string[],
    { input, signal, index }: { input?: Buffer | string; signal?: AbortSignal | undefined; index?: string } = {}
  ): Promise<Buffer> {
    const { root, commonDir } = this.repository
    const env = {
      GIT_DIR: this.folder,
      GIT_WORK_TREE: root,
      GIT_OBJECT_DIRECTORY: join(commonDir, 'objects'),
      GIT_INDEX_FILE: index ?? this.index,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_ATTR_NOSYSTEM: '1',
      ...identity
    }
    return await this.git.run(args, { cwd: root, env, ...(input === undefined ? {} : { input }), signal })
  }

  /** In the repository itself: refs, and the names of what is tracked. */
  async inRepository(args: readonly string[], input?: string, signal?: AbortSignal): Promise<Buffer> {
    const { root, gitDir } = this.repository
    const env = { GIT_DIR: gitDir, GIT_WORK_TREE: root, ...identity }
    return await this.git.run(args, { cwd: root, env, ...(input === undefined ? {} : { input }), signal })
  }

  /** Makes it where it is not there. Its index begins as that of the repository, as far as that tells the truth about content. */
  async prepare(signal?: AbortSignal): Promise<void> {
    await this.dropStaleLock()
    const config = configOf(this.repository)
    const written = await readFile(join(this.folder, 'config'), 'utf8').catch(() => null)
    if (written === config && (await exists(this.index))) return
    await rm(this.folder, { recursive: true, force: true })
    for (const name of ['refs', 'objects', 'info'])
      await mkdir(join(this.folder, name), { recursive: true, mode: 0o700 })
    await writeFile(join(this.folder, 'HEAD'), 'ref: refs/heads/none\n')
    await writeFile(join(this.folder, 'info', 'attributes'), attributes)
    if (!(await this.beginAsTheirs(signal))) await rm(this.index, { force: true })
    // Last: what was killed before begins anew.
    await writeFile(join(this.folder, 'config'), config)
  }

  /** Paths that are tracked and not known here, such as one that is ignored and was added all the same. Names in Latin-1. */
  async newlyTracked(signal?: AbortSignal): Promise<string[]> {
    const theirs = join(this.repository.gitDir, 'index')
    const is = await stat(theirs).catch(() => null)
    const seen = is === null ? '' : `${is.mtimeMs} ${is.size} ${is.ino}`
    if (seen === this.seenIndex) return []
    const [tracked, known] = await Promise.all([
      this.inRepository(['ls-files', '-z'], undefined, signal),
      this.run(['ls-files', '-z'], { signal })
    ])
    this.seenIndex = seen
    const here = new Set(names(known))
    return [...new Set(names(tracked))].filter(name => !here.has(name))
  }

  private async dropStaleLock(): Promise<void> {
    const lock = `${this.index}.lock`
    const is = await stat(lock).catch(() => null)
    if (is !== null && Date.now() - is.mtimeMs > staleLockMs) await rm(lock, { force: true })
  }

  private async beginAsTheirs(signal: AbortSignal | undefined): Promise<boolean> {
    const theirs = join(this.repository.gitDir, 'index')
    const is = await stat(theirs).catch(() => null)
    if (is === null || (await mayConvert(this.git, this.repository, signal))) return false
    await copyFile(theirs, this.index)
    // What changed in the moment in which an index was written is known by the time of the index; the copy has the same.
    const second = Math.floor(is.mtimeMs / 1000)
    await utimes(this.index, second, second)
    try {
      await writeFile(join(this.folder, 'config'), configOf(this.repository))
      // One that is split into several files, or of a newer kind, cannot be read from here.
      await this.run(['ls-files', '-z', '--stage'], { signal })
      return true
    } catch (error) {
      if (error instanceof GitFault) return false
      throw error
    } finally {
      await rm(join(this.folder, 'config'), { force: true })
    }
  }
}

const identity = {
  GIT_AUTHOR_NAME: 'Flotilla',
  GIT_AUTHOR_EMAIL: 'flotilla@localhost',
  GIT_COMMITTER_NAME: 'Flotilla',
  GIT_COMMITTER_EMAIL: 'flotilla@localhost'
}

/** As text where every byte is one letter, so that no name is lost that is not UTF-8. */
export function names(listed: Buffer): string[] {
  return listed.toString('latin1').split('\0').filter(Boolean)
}

function configOf({ objectFormat, settings }: Repository): string {
  const kept = ['filemode', 'symlinks', 'ignorecase', 'precomposeunicode'].flatMap(name => {
    const value = settings[`core.${name}`]?.toLowerCase()
    return value === 'true' || value === 'false' ? [`\t${name} = ${value}`] : []
  })
  const core = ['[core]', `\trepositoryformatversion = ${objectFormat === 'sha1' ? 0 : 1}`, '\tbare = false', ...kept]
  const more = objectFormat === 'sha1' ? [] : ['[extensions]', `\tobjectformat = ${objectFormat}`]
  return `${[...core, '\tautocrlf = false', ...more].join('\n')}\n`
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
