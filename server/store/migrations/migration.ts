/** One step of the schema. */
export interface Migration {
  sql: string
}
