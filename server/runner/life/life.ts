import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Who a runner is to the control plane, and the folder of what it would leave: `<data-dir>/spool/<identity>/`. */
export class Life {
  private readonly dataDir: string
  private shown: string
  private moved: string
  private home: string | null

  /** `home`: identity of the runner whose last runs this one finishes; null for an ordinary one. */
  constructor(dataDir: string, identity: string, home: string | null = null) {
    this.dataDir = dataDir
    this.shown = identity
    this.moved = identity
    this.home = home
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
  }

  get identity(): string {
    return this.shown
  }

  get drains(): string | null {
    return this.home
  }

  get folder(): string {
    return join(this.dataDir, 'spool', this.moved)
  }

  /** From now on it is another runner, which finishes what it holds; its old identity is free for the next one. */
  startDraining(): void {
    if (this.home !== null) return
    this.home = this.shown
    this.shown = randomUUID()
  }

  /** Once the control plane knows. */
  moveFolder(): void {
    const before = this.folder
    this.moved = this.shown
    if (this.folder !== before) renameSync(before, this.folder)
  }

  /** Of a draining one that left nothing: nobody will ask for it again. */
  end(): void {
    if (this.home !== null) rmSync(this.folder, { recursive: true, force: true })
  }

  /** Identities that drained on this data folder and have not ended in order, living or not. */
  static others(dataDir: string, identity: string): string[] {
    return readdirSync(join(dataDir, 'spool')).filter(name => name !== identity)
  }
}
