import { existsSync, readFileSync } from 'node:fs'

class NativeImage {
  readonly #png: Buffer
  #template = false
  constructor(png: Buffer) {
    this.#png = png
  }
  isEmpty(): boolean {
    return this.#png.length === 0
  }
  setTemplateImage(template: boolean): void {
    this.#template = template
  }
  isTemplateImage(): boolean {
    return this.#template
  }
}

export const nativeImage = {
  createFromPath: (path: string): NativeImage =>
    new NativeImage(existsSync(path) ? readFileSync(path) : Buffer.alloc(0))
}
