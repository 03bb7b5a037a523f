import type { Migration } from './migration.ts'

/**
 * Images that came with prompts, each once by its content. What is known of them stands with the prompt or input, as JSON;
 * `image_uses` tells which runs hold one: it goes with the last of them.
 */
export const images: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN images TEXT NOT NULL DEFAULT '[]';
ALTER TABLE inputs ADD COLUMN images TEXT NOT NULL DEFAULT '[]';
CREATE TABLE images (id TEXT PRIMARY KEY, media_type TEXT NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE image_uses (
  run INTEGER NOT NULL,
  image TEXT NOT NULL,
  PRIMARY KEY (run, image)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_uses_by_image ON image_uses (image);
CREATE TRIGGER runs_images_delete AFTER DELETE ON runs BEGIN
  DELETE FROM image_uses WHERE run = old.number;
END;
CREATE TRIGGER image_uses_delete AFTER DELETE ON image_uses BEGIN
  DELETE FROM images WHERE id = old.image AND NOT EXISTS (SELECT 1 FROM image_uses WHERE image = old.image);
END;
`
}
