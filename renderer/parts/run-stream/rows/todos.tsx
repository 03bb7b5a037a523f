import { Glyph } from '../../../ui/glyph.tsx'
import { Said } from '../../../ui/said.tsx'
import styles from './tool-call-row.module.css'
import type { Todo } from './tool-look.ts'

const words = { queued: 'To do', running: 'Now', done: 'Done', cancelled: 'Dropped' } as const

/** The agent's checklist; only the newest one is spelt out. */
export function Todos({ todos, open, live }: { todos: Todo[]; open: boolean; live: boolean }) {
  const done = todos.filter(todo => todo.state === 'done').length
  return (
    <div className={styles.todos}>
      <div className={styles.todoHead}>
        <b>Plan</b>
        <span>
          {done} of {todos.length} done
        </span>
      </div>
      {open && (
        <ul>
          {todos.map(todo => (
            <li key={todo.text} className={styles.todo}>
              <Glyph tone={todo.state === 'running' && !live ? 'idle' : todo.state} label={words[todo.state]} />
              <Said>{todo.text}</Said>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
