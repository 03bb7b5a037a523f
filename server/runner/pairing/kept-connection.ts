import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../../whole-file.ts'

const keptConnection = z.object({
  url: z.url(),
  key: z.string().min(1),
  pin: z.string().nullable(),
  /** As it was named where the code was made. */
  name: z.string().nullable(),
  /** Hash of the code that was used, which may still stand where it was given. */
  code: z.string()
})
export type KeptConnection = z.infer<typeof keptConnection>

const fileName = 'connection.json'

/** What a runner learned when it was paired; null: it was not. Throws where that cannot be understood. */
export function readConnection(dataDir: string): KeptConnection | null {
  let text: string
  try {
    text = readFileSync(join(dataDir, fileName), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return keptConnection.parse(JSON.parse(text))
}

export function writeConnection(dataDir: string, connection: KeptConnection): void {
  writeWhole(join(dataDir, fileName), JSON.stringify(connection))
}

export function hashOfCode(code: string): string {
  return createHash('sha256').update(code).digest('hex')
}
