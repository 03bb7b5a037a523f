/** What lies at a path, links followed. */
export interface FileLook {
  kind: 'file' | 'folder' | 'other'
  bytes: number
  /** May be started. */
  program: boolean
}

/** The files of a place, by the absolute paths that agents there use. What is not there, or not to be read, is no error. */
export interface Files {
  /** The path with its links resolved; null: it is not there. */
  real(path: string): Promise<string | null>
  look(path: string): Promise<FileLook | null>
  /** Names, sorted; none where it is no folder. */
  list(folder: string): Promise<string[]>
  /** What lies in a folder, sorted by name; a link is no folder, wherever it leads. */
  entries(folder: string): Promise<{ name: string; folder: boolean }[]>
  read(path: string): Promise<Buffer | null>
  /** Whole, in place of what was there; folders above are made. Throws in words for a person. */
  write(path: string, content: Buffer): Promise<void>
}
