import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder for a repository, with what lies beside it, and nobody's own settings. */
export class GitFolder {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-git-')))
  readonly root = join(this.base, 'code')

  constructor() {
    mkdirSync(this.root)
  }

  get environment(): Record<string, string> {
    return { PATH: process.env.PATH ?? '', HOME: join(this.base, 'home'), GIT_CONFIG_NOSYSTEM: '1' }
  }

  git(...args: string[]): string {
    const own = ['-c', 'user.name=me', '-c', 'user.email=me@here', '-c', 'protocol.file.allow=always']
    const { root: cwd, environment: env } = this
    return execFileSync('git', [...own, ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), content)
  }

  /** A repository with one commit. */
  begin(files: Record<string, string>): void {
    this.git('init', '-q', '-b', 'main')
    for (const [path, content] of Object.entries(files)) this.write(path, content)
    this.git('add', '-A')
    this.git('commit', '-q', '-m', 'first')
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true })
  }
}
