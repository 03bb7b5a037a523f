import { useState } from 'react'
import { changeMcp, createMcp, type Mcp, mcpTransports } from '#contract/fleet/mcps'
import { call, fieldErrorsOf } from '../../lib/call.ts'
import { readCommandLine, writeCommandLine } from '../../lib/command-line.ts'
import { isolated } from '../../lib/visible.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { bodyOf, draftOf, type McpDraft } from './mcp-draft.ts'
import styles from './mcps.module.css'
import { useAskAgain } from './queries.ts'
import { VariableRows } from './variable-rows.tsx'

const transportWords = { stdio: 'A program that is started (stdio)', http: 'An address that is called (http)' }

interface Props {
  /** One that is changed; without it a new one is added. */
  known?: Mcp
  onClose: () => void
}

export function McpForm({ known, onClose }: Props) {
  const again = useAskAgain()
  const [draft, setDraft] = useState<McpDraft>(() => draftOf(known))
  const [refused, setRefused] = useState<Record<string, string>>({})
  const set = (change: Partial<McpDraft>) => {
    setRefused({})
    setDraft({ ...draft, ...change })
  }
  const { name, transport, commandLine, url } = draft
  const words = readCommandLine(commandLine)
  const missing = name.trim() === '' || (transport === 'stdio' ? !words || words.length === 0 : url.trim() === '')
  const submit = async () => {
    try {
      const body = bodyOf(draft)
      if (known) await call(changeMcp, { params: { id: known.id }, body })
      else await call(createMcp, { body })
      await again()
      toast(known ? 'Saved. Runs that start from now on get it so.' : 'Added. Test it to see its tools.')
    } catch (error) {
      setRefused(fieldErrorsOf(error))
      throw error
    }
  }
  return (
    <FormDialog
      title={known ? `Edit ${isolated(known.name)}` : 'Add an MCP server'}
      action={known ? 'Save' : 'Add'}
      disabled={missing}
      quiet={error =>
        Object.keys(fieldErrorsOf(error)).some(field => ['name', 'command', 'args', 'url'].includes(field))
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" hint="Agents see its tools under it." error={refused.name}>
        {control => (
          <TextInput
            {...control}
            maxLength={64}
            autoComplete="off"
            value={name}
            onChange={event => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="How it is reached">
        {control => (
          <Select
            {...control}
            value={transport}
            onChange={event => set({ transport: event.target.value === 'http' ? 'http' : 'stdio' })}
          >
            {mcpTransports.map(one => (
              <option key={one} value={one}>
                {transportWords[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {transport === 'stdio' ? (
        <CommandField commandLine={commandLine} fault={refused.command ?? refused.args} set={set} />
      ) : (
        <AddressField url={url} fault={refused.url} set={set} />
      )}
      <Variables known={known} draft={draft} set={set} />
    </FormDialog>
  )
}

interface CommandProps {
  commandLine: string
  fault: string | undefined
  set: (change: Partial<McpDraft>) => void
}

function CommandField({ commandLine, fault, set }: CommandProps) {
  const words = readCommandLine(commandLine)
  return (
    <Field
      label="Command"
      hint={words && words.length > 1 ? <Words words={words} /> : 'Started on the machine of the run.'}
      error={words === null ? 'A quote stands open' : fault}
    >
      {control => (
        <TextInput
          {...control}
          mono
          autoComplete="off"
          spellCheck={false}
          placeholder="npx -y issue-mcp"
          value={commandLine}
          onChange={event => set({ commandLine: event.target.value })}
        />
      )}
    </Field>
  )
}

interface AddressProps {
  url: string
  fault: string | undefined
  set: (change: Partial<McpDraft>) => void
}

function AddressField({ url, fault, set }: AddressProps) {
  return (
    <Field label="Address" error={fault}>
      {control => (
        <TextInput
          {...control}
          mono
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="https://design.example/mcp"
          value={url}
          onChange={event => set({ url: event.target.value })}
        />
      )}
    </Field>
  )
}

/** How the line was read. */
function Words({ words }: { words: readonly string[] }) {
  return (
    <>
      Runs {words[0]} with{' '}
      {words
        .slice(1)
        .map(word => writeCommandLine([word]))
        .join(' , ')}
    </>
  )
}

interface VariablesProps {
  known: Mcp | undefined
  draft: McpDraft
  set: (change: Partial<McpDraft>) => void
}

/** Values are never shown again: those of one that is known stay as they are, or are all set anew. */
function Variables({ known, draft, set }: VariablesProps) {
  const kind = draft.transport === 'stdio' ? 'variables' : 'headers'
  const names = (draft.transport === 'stdio' ? known?.envKeys : known?.headerKeys) ?? []
  if (draft.variables === null && names.length > 0)
    return (
      <div className={styles.kept}>
        <p>
          Its {kind} {names.join(', ')} stay as they are; their values cannot be shown.
        </p>
        <Button small onClick={() => set({ variables: names.map(name => ({ name, value: '' })) })}>
          Set them anew
        </Button>
      </div>
    )
  return <VariableRows kind={kind} rows={draft.variables ?? []} onChange={variables => set({ variables })} />
}
