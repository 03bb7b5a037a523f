/**
 * What an agent asks of its place, where its protocol lets it ask instead of doing it by itself. Paths are absolute or seen
 * from the folder of the run, and lie in it. Whether a person is asked first is for the driver to say.
 */
export type PlaceRequest =
  /** `line` from 1; without `limit` to the end. */
  | { kind: 'readFile'; path: string; line?: number; limit?: number }
  | { kind: 'writeFile'; path: string; text: string }
  | { kind: 'openTerminal'; file: string; args: string[]; env: Record<string, string>; cwd: string | null }
  /** What it printed, and how it ended if it has. */
  | { kind: 'readTerminal'; terminal: string }
  /** Answered once it has ended. */
  | { kind: 'awaitTerminal'; terminal: string }
  /** Ends what runs in it; what it printed stays until it is closed. */
  | { kind: 'endTerminal'; terminal: string }
  | { kind: 'closeTerminal'; terminal: string }

export interface TerminalEnd {
  code: number | null
  signal: NodeJS.Signals | null
}

export type PlaceReply =
  | { kind: 'done' }
  | { kind: 'text'; text: string }
  | { kind: 'opened'; terminal: string }
  /** `cut`: its beginning is not kept any more. */
  | { kind: 'printed'; text: string; cut: boolean; ended: TerminalEnd | null }
  /** In words for the agent. */
  | { kind: 'refused'; message: string }
