import { useMutation } from '@tanstack/react-query'
import { Container } from 'lucide-react'
import { type Engine, testEngine } from '#contract/runners/engines'
import { call, wordsOf } from '../../../lib/call.ts'
import { bytes, count, stamp } from '../../../lib/format.ts'
import { isolated } from '../../../lib/visible.ts'
import { engineState } from '../../../parts/engines.ts'
import { useMay } from '../../../parts/who.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Button } from '../../../ui/button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Glyph, Status } from '../../../ui/glyph.tsx'
import { Said } from '../../../ui/said.tsx'
import { EngineTestResult } from './engine-test.tsx'
import styles from './engines.module.css'

interface Props {
  engine: Engine
  /** null: who reads may not. */
  onLook: (() => void) | null
  looking: boolean
}

/** One engine in a line, and below it what is wrong with it, what it does not hold, and how its test went. */
export function EngineRow({ engine, onLook, looking }: Props) {
  const { id, name, state, trouble } = engine
  const may = useMay('admin')
  const test = useMutation({ mutationFn: () => call(testEngine, { params: { id } }) })
  const shown = isolated(name)
  return (
    <li className={styles.engine}>
      <div className={styles.row}>
        <Name engine={engine} />
        <State engine={engine} />
        <Machine {...engine} />
        <Bounds {...engine} />
        <div className={styles.buttons}>
          {state === 'connected' && may && (
            <Button small aria-label={`Test ${shown}`} disabled={test.isPending} onClick={() => test.mutate()}>
              {test.isPending ? 'Testing' : 'Test'}
            </Button>
          )}
          {state === 'unreachable' && onLook && (
            <Button small aria-label={`Try ${shown} now`} disabled={looking} onClick={onLook}>
              Try now
            </Button>
          )}
        </div>
      </div>
      {trouble && (
        <div className={styles.word} data-trouble={trouble.code === 'NOT_THERE' ? undefined : true}>
          <p>
            <b>
              <Said>{trouble.message}</Said>.
            </b>{' '}
            {trouble.wayOut}
          </p>
          {trouble.command && <Copyable label="the command" text={trouble.command} />}
        </div>
      )}
      {engine.facts && engine.facts.lacks.length > 0 && <Lacks lacks={engine.facts.lacks} />}
      {test.error && (
        <p className={styles.word} data-trouble role="alert">
          <b>It could not be tested.</b> {wordsOf(test.error)}
        </p>
      )}
      {test.data && !test.error && <EngineTestResult name={shown} test={test.data} />}
    </li>
  )
}

function Name({ engine: { name, isDefault, address, facts } }: { engine: Engine }) {
  const what = facts ? `${facts.product} ${facts.version}${facts.rootless ? ', without root' : ''}` : null
  return (
    <div className={styles.name}>
      <Container size={18} strokeWidth={1.75} aria-hidden />
      <div>
        <h2>
          <Said>{name}</Said>
          {isDefault && <span className={styles.quiet}> default</span>}
        </h2>
        {what && (
          <p>
            <Said>{what}</Said>
          </p>
        )}
        {address && <code>{address}</code>}
      </div>
    </div>
  )
}

function State({ engine }: { engine: Engine }) {
  const { state, stateSince, answerMs, lastSeenAt } = engine
  const { tone, words } = engineState(engine)
  return (
    <div>
      <Status tone={tone}>{words}</Status>
      {state === 'connected' && answerMs !== null && (
        <p>answers in {answerMs < 10 ? answerMs : Math.round(answerMs)} ms</p>
      )}
      {state === 'unreachable' && lastSeenAt !== null && (
        <p>
          since {stamp(stateSince)}, <Ago ts={stateSince} ago />
        </p>
      )}
    </div>
  )
}

function Machine({ facts }: Pick<Engine, 'facts'>) {
  if (!facts) return <div className={styles.none}>–</div>
  return (
    <div>
      {count(facts.cpus, 'CPU')}, {bytes(facts.memoryBytes)}
      <p>
        <Said>{facts.system}</Said>, {facts.architecture}
      </p>
    </div>
  )
}

const bounds = 5

function Bounds({ facts }: Pick<Engine, 'facts'>) {
  if (!facts) return <div className={styles.none}>–</div>
  const lacks = facts.lacks.length
  return (
    <div>
      {lacks === 0 ? 'All bounds held' : `${lacks} of ${bounds} bounds not held`}
      <p>{facts.cgroup === null ? 'cgroup not known' : `cgroup ${facts.cgroup}`}</p>
    </div>
  )
}

function Lacks({ lacks }: { lacks: NonNullable<Engine['facts']>['lacks'] }) {
  return (
    <div className={styles.word}>
      <p>
        <Glyph tone="waiting" />
        <b>{lacks.length === 1 ? 'One bound is not held here.' : 'Bounds are not held here.'}</b> A container can use
        what it should not:
      </p>
      <ul>
        {lacks.map(({ bound, words }) => (
          <li key={bound}>{words}</li>
        ))}
      </ul>
    </div>
  )
}
