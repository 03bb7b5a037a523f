import styles from '../../../parts/launch/launch.module.css'
import type { Launching } from '../../../parts/launch/use-launch-draft.ts'
import { Field, Select, TextArea, TextInput } from '../../../ui/field.tsx'

export function CommandFields({ launching: { draft, set, errors, chosen } }: { launching: Launching }) {
  return (
    <div className={styles.stack}>
      <Field label="Program" error={errors['command.program']} hint="A name on the PATH, or an absolute path.">
        {control => (
          <TextInput
            {...control}
            mono
            spellCheck={false}
            value={draft.program}
            onChange={event => set({ program: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Arguments"
        error={errors['command.args']}
        hint="One a line. Nothing is expanded: there is no shell."
      >
        {control => (
          <TextArea
            {...control}
            rows={2}
            spellCheck={false}
            value={draft.args}
            onChange={event => set({ args: event.target.value })}
          />
        )}
      </Field>
      {chosen?.outputs && <HowItTalks draft={draft} set={set} errors={errors} />}
    </div>
  )
}

function HowItTalks({ draft, set, errors }: Pick<Launching, 'draft' | 'set' | 'errors'>) {
  return (
    <div className={styles.pair}>
      <Field label="The prompt reaches it" error={errors['command.prompt']}>
        {control => (
          <Select
            {...control}
            value={draft.promptBy}
            onChange={event => set({ promptBy: event.target.value === 'argument' ? 'argument' : 'stdin' })}
          >
            <option value="stdin">on its standard input</option>
            <option value="argument">as its last argument</option>
          </Select>
        )}
      </Field>
      <Field label="It prints" error={errors['command.output']}>
        {control => (
          <Select
            {...control}
            value={draft.output}
            onChange={event => set({ output: event.target.value === 'events' ? 'events' : 'lines' })}
          >
            <option value="lines">plain lines</option>
            <option value="events">events as JSON lines</option>
          </Select>
        )}
      </Field>
    </div>
  )
}
