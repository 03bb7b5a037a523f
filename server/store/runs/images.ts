import type { ImageType } from '#contract/runs/image-content'
import type { RunImage } from '#contract/runs/images'
import type { Database } from '../database.ts'

export interface ImageRow {
  /** SHA-256 of the content, in hex. */
  id: string
  media_type: ImageType
  content: Buffer
}

/** Images that came with prompts. One that no run uses any more is deleted by the schema. */
export function imageStore(db: Database) {
  const insert = db.prepare<ImageRow>('INSERT OR IGNORE INTO images VALUES (@id, @media_type, @content)')
  const use = db.prepare('INSERT OR IGNORE INTO image_uses VALUES (?, ?)')
  const drop = db.prepare('DELETE FROM image_uses WHERE run = ? AND image = ?')
  const ofRun = db.prepare<[number, string], ImageRow>(
    'SELECT images.* FROM image_uses JOIN images ON images.id = image WHERE run = ? AND image = ?'
  )
  return {
    /** Whoever inserts one uses it in the same transaction. */
    insert: (row: ImageRow) => insert.run(row),
    use: (run: number, id: string) => use.run(run, id),
    drop: (run: number, id: string) => drop.run(run, id),
    ofRun: (run: number, id: string) => ofRun.get(run, id)
  }
}

/** Of a run or an input. */
export function imagesOf({ images }: { images: string }): RunImage[] {
  return images === '[]' ? [] : (JSON.parse(images) as RunImage[])
}
