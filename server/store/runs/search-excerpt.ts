import type { SearchHit } from '#contract/runs/search'
import type { Database } from '../database.ts'
import { divide, joint, marks } from './search-text.ts'

/** How an event is read for searching, and what is typed for it. */
export const tokenizer = 'porter unicode61 remove_diacritics 2'

/** Words around what was found. */
const excerptWords = 32
/** Long texts are looked through in pieces of so many characters, until one has a hit. */
const pieceLength = 32_768
/** What is shown of a text without a mark. */
const headLength = 200

/** Finds the place of a text where most of what was looked for stands, by the very rules of the index. */
export function excerpts(db: Database) {
  db.exec(`CREATE VIRTUAL TABLE temp.marking USING fts5(text, tokenize = '${tokenizer}')`)
  const put = db.prepare('INSERT INTO marking (rowid, text) VALUES (1, ?)')
  const clear = db.prepare('DELETE FROM marking WHERE rowid = 1')
  const mark = db
    .prepare<[string, string, string], string>(
      `SELECT snippet(marking, 0, ?, ?, '…', ${excerptWords}) FROM marking WHERE marking MATCH ?`
    )
    .pluck()

  function inPiece(piece: string, match: string): string | undefined {
    put.run(piece)
    try {
      return mark.get(marks.open, marks.close, match)
    } finally {
      clear.run()
    }
  }

  /** After `until`, by the steady clock in ms, a text is told by its beginning. */
  return (text: string, match: string, until: number): SearchHit['excerpt'] => {
    for (const said of text.split(divide)) {
      for (let from = 0; from < said.length && performance.now() < until; from += pieceLength) {
        const found = inPiece(said.slice(from, from + pieceLength), match)
        if (found !== undefined) return partsOf(found)
      }
    }
    const [shown = ''] = text.split(divide)
    return [{ text: readable(shown.slice(0, headLength)) + (shown.length > headLength ? '…' : ''), hit: false }]
  }
}

function partsOf(marked: string): SearchHit['excerpt'] {
  return marked
    .split(marks.open)
    .flatMap((part, index) => {
      const [said = '', rest = ''] = index === 0 ? ['', part] : part.split(marks.close)
      return [
        { text: readable(said), hit: true },
        { text: readable(rest), hit: false }
      ]
    })
    .filter(({ text }) => text !== '')
}

/** As one line, without what only the index needs. */
function readable(text: string): string {
  return text.replaceAll(joint, '').replace(/\s+/g, ' ')
}
