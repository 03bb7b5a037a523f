import { Ban, Check } from 'lucide-react'
import { folderName } from '../../../lib/format.ts'
import { nextRunner, useRunners } from '../../../parts/runners.ts'
import { runtimeState } from '../../../parts/runtime-words.ts'
import { InWordsAside, WordsFact, WordsPart } from '../../../ui/forms/in-words.tsx'
import { Said } from '../../../ui/said.tsx'
import type { SettingsDraft } from './settings-draft.ts'
import { useRuntimes } from './work-fields.tsx'

const endings: Record<SettingsDraft['permissionMode'], string> = {
  plan: 'shows a plan before it changes anything.',
  default: 'asks before it edits a file or runs a command.',
  acceptEdits: 'edits by itself and asks before it runs a command.',
  bypassPermissions: 'asks nothing.'
}

const asks: Record<SettingsDraft['permissionMode'], readonly string[]> = {
  plan: ['Anything that changes something: the plan comes first'],
  default: ['Edit or write a file', 'Run a command', 'Anything its runtime holds to be risky'],
  acceptEdits: ['Run a command', 'Anything its runtime holds to be risky'],
  bypassPermissions: []
}

/** What an agent with these settings will do, worked out from them as they change. */
export function InWords({ draft }: { draft: SettingsDraft }) {
  const name = draft.name.trim() || 'The agent'
  const folder = draft.where === 'private' || draft.cwd.trim() === '' ? null : folderName(draft.cwd.trim())
  const tools = draft.allowedTools.split('\n').filter(line => line.trim() !== '')
  return (
    <InWordsAside
      sentence={
        <>
          <Said>{name}</Said> works in {folder === null ? 'a private folder' : <Said>{folder}</Said>} and{' '}
          {endings[draft.permissionMode]}
        </>
      }
    >
      <WordsPart title="It can">
        <WordsFact icon={Check}>
          {draft.permissionMode === 'plan' ? 'Read' : 'Read and write'}{' '}
          {folder === null ? 'its folder' : <Said>{folder}</Said>}
          <small>It runs as you, on this computer: your rights are what holds it.</small>
        </WordsFact>
        {tools.length > 0 && (
          <WordsFact icon={Check}>
            Use without asking: <Said>{tools.join(', ')}</Said>
          </WordsFact>
        )}
      </WordsPart>
      {asks[draft.permissionMode].length > 0 && (
        <WordsPart title="It asks first">
          {asks[draft.permissionMode].map(words => (
            <WordsFact key={words} tone="waiting">
              {words}
            </WordsFact>
          ))}
        </WordsPart>
      )}
      <WordsPart title="It cannot">
        {(draft.dailyTokens || draft.monthlyTokens) && (
          <WordsFact icon={Ban}>Use more tokens than its limits say</WordsFact>
        )}
        <WordsFact icon={Ban}>Trust what a folder’s own settings would start: you are asked</WordsFact>
      </WordsPart>
      <Checks draft={draft} />
    </InWordsAside>
  )
}

/** None of these keeps it from being made. */
function Checks({ draft }: { draft: SettingsDraft }) {
  const runner = nextRunner(useRunners().data?.data)
  const runtimes = useRuntimes(draft.runtime)
  const chosen = runtimes.filter(one => (draft.runtime === '' ? one.state === 'ready' : one.id === draft.runtime))
  const [first] = chosen
  const allowed = runner?.allowedDirs ?? []
  const cwd = draft.cwd.trim()
  const inside = allowed.some(dir => cwd === dir || cwd.startsWith(dir.endsWith('/') ? dir : `${dir}/`))
  return (
    <WordsPart title="Before it can start">
      <WordsFact tone={runner?.status === 'online' ? 'done' : 'queued'}>
        {runner?.status === 'online' ? 'A runner is online' : 'No runner is online: its runs wait'}
      </WordsFact>
      {first ? (
        <WordsFact tone={runtimeState(first).tone}>
          {first.title}: {runtimeState(first).words}
          {draft.runtime === '' && chosen.length > 1 && <small>and {chosen.length - 1} more are ready</small>}
        </WordsFact>
      ) : (
        <WordsFact tone="failed">No runtime is ready</WordsFact>
      )}
      {draft.where === 'folder' && cwd !== '' && runner && (
        <WordsFact tone={inside ? 'done' : 'failed'}>
          {inside ? 'Its folder is one the runner allows' : 'Its folder is outside of what the runner allows'}
          {!inside && <small>{allowed.join(', ')}</small>}
        </WordsFact>
      )}
    </WordsPart>
  )
}
