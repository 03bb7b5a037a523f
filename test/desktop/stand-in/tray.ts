import { EventEmitter } from 'node:events'

/** Nothing shows it here; the specs see what it is told. */
export class Tray extends EventEmitter {
  #destroyed = false
  setToolTip(): void {}
  setTitle(): void {}
  setContextMenu(): void {}
  destroy(): void {
    this.#destroyed = true
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }
}
