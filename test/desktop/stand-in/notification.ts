import { EventEmitter } from 'node:events'

export class Notification extends EventEmitter {
  readonly title: string
  readonly body: string

  static isSupported(): boolean {
    return true
  }
  constructor({ title = '', body = '' }: { title?: string; body?: string } = {}) {
    super()
    this.title = title
    this.body = body
  }
  show(): void {
    queueMicrotask(() => this.emit('show'))
  }
  close(): void {
    this.emit('close')
  }
}
