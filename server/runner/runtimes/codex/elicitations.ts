import type { Answer, Signal } from '../runtime.ts'
import type { Elicitation } from './protocol.ts'

type Asked = Omit<Extract<Signal, { type: 'approval' }>, 'type' | 'key' | 'editable'>

/** A field that an MCP server asks for, with what may be answered; null: any words. */
interface Field {
  name: string
  question: string
  choices: readonly { label: string; value: unknown }[] | null
  type: unknown
}

/** What an MCP server asks a person for, as a question; null: nothing that can be asked so. */
export function formOf(params: Elicitation): Asked | null {
  const { serverName, message, mode, url } = params
  const fields = fieldsOf(params)
  if (mode !== 'form' && mode !== 'url') return null
  const address = mode === 'url' ? `\n${url ?? ''}` : ''
  const questions =
    fields.length === 0
      ? [{ header: serverName, question: `${message}${address}`, multiSelect: false, options: [{ label: 'Yes' }] }]
      : fields.map(({ question, choices }) => ({
          header: serverName,
          question,
          multiSelect: false,
          options: (choices ?? []).map(({ label }) => ({ label }))
        }))
  return {
    kind: 'question',
    tool: `mcp__${serverName}`,
    toolUseId: null,
    title: `${serverName} asks`,
    subject: message,
    input: { questions },
    reason: fields.length === 0 ? null : message
  }
}

export function elicited(params: Elicitation): { reply(answer: Answer): object; beside(): null } {
  return {
    reply: ({ allow, input }) => {
      if (!allow) return { action: 'decline', content: null, _meta: null }
      const given = (input?.answers ?? {}) as Record<string, unknown>
      const content = fieldsOf(params).flatMap(field => {
        const said = given[field.question]
        return said === undefined ? [] : [[field.name, answerOf(field, String(said))]]
      })
      return { action: 'accept', content: Object.fromEntries(content), _meta: null }
    },
    beside: () => null
  }
}

function fieldsOf({ mode, requestedSchema, message }: Elicitation): Field[] {
  if (mode !== 'form') return []
  const fields = Object.entries(requestedSchema?.properties ?? {}).map(([name, schema]) => {
    const words = [schema.title, schema.description].filter(value => typeof value === 'string')
    return { name, question: words.join(': ') || name, choices: choicesOf(schema), type: schema.type }
  })
  const [only] = fields
  // One field needs no name of its own: the message asks for it.
  return fields.length === 1 && only && message !== '' ? [{ ...only, question: message }] : fields
}

function choicesOf({ type, enum: values, enumNames, oneOf }: Record<string, unknown>): Field['choices'] {
  if (type === 'boolean')
    return [
      { label: 'Yes', value: true },
      { label: 'No', value: false }
    ]
  if (Array.isArray(oneOf)) {
    return oneOf.map((one: { const?: unknown; title?: unknown }) => ({
      label: String(one.title ?? one.const),
      value: one.const
    }))
  }
  if (!Array.isArray(values)) return null
  const names = Array.isArray(enumNames) ? enumNames : values
  return values.map((value, index) => ({ label: String(names[index] ?? value), value }))
}

function answerOf({ choices, type }: Field, said: string): unknown {
  const chosen = choices?.find(({ label }) => label === said)
  if (chosen !== undefined) return chosen.value
  return (type === 'number' || type === 'integer') && said.trim() !== '' ? Number(said) : said
}
