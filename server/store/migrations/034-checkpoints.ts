import type { Migration } from './migration.ts'

/** Checkpoints of the files that a run works on, what they came to, what was kept when they were put back, and how they are reviewed. */
export const checkpoints: Migration = {
  sql: `
CREATE TABLE checkpoints (
  run INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  root TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  branch TEXT,
  PRIMARY KEY (run, n)
) WITHOUT ROWID;

CREATE TABLE net_changes (
  run INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changes TEXT,
  without TEXT
);

CREATE TABLE kept_files (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  checkpoint INTEGER,
  files INTEGER,
  at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  restored_at INTEGER,
  marks TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
CREATE INDEX kept_files_by_run ON kept_files (run_id);

CREATE TABLE review_marks (
  run INTEGER NOT NULL,
  path TEXT NOT NULL,
  hunk INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (run, path, hunk)
) WITHOUT ROWID;

CREATE TABLE review_views (
  run INTEGER NOT NULL,
  path TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (run, path)
) WITHOUT ROWID;

CREATE TABLE review_comments (
  id TEXT PRIMARY KEY,
  run INTEGER NOT NULL,
  path TEXT NOT NULL,
  side TEXT NOT NULL,
  line INTEGER NOT NULL,
  quote TEXT NOT NULL,
  text TEXT NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  sent_to TEXT
) WITHOUT ROWID;
CREATE INDEX review_comments_by_run ON review_comments (run, at);
`
}
