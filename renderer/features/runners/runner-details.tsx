import type { ReactNode } from 'react'
import type { Runner, RuntimeReport } from '#contract/runners/runners'
import { RuntimeRemedy } from '../../parts/runtime-remedy.tsx'
import { runtimeState } from '../../parts/runtime-words.ts'
import { Ago } from '../../ui/ago.tsx'
import { Glyph, Status } from '../../ui/glyph.tsx'
import { Said } from '../../ui/said.tsx'
import { FolderCheck } from './folder-check.tsx'
import styles from './runners.module.css'

/** What a runner reports of itself, and what it would refuse. */
export function RunnerDetails({ runner, may }: { runner: Runner; may: boolean }) {
  const { name, kind, status, hostname, labels, places, createdAt } = runner
  return (
    <section className={styles.details} aria-label={`Details of ${name}`}>
      {status === 'offline' && (
        <p className={styles.consequence}>
          {kind === 'builtin'
            ? 'It starts with Flotilla; start Flotilla again if it does not come back. Runs wait until it does.'
            : 'Start its program again on its own computer: it connects by itself. What only it may run waits for it.'}
        </p>
      )}
      {runner.draining && (
        <p className={styles.consequence}>
          Of an older version: it finishes what it has, takes nothing new, and then leaves.
        </p>
      )}
      {runner.warnings.length > 0 && (
        <ul className={styles.warnings} aria-label="Warnings">
          {runner.warnings.map(({ code, message }) => (
            <li key={code}>
              <Glyph tone="waiting" />
              <Said>{message}</Said>
            </li>
          ))}
        </ul>
      )}
      <Part title="Runtimes">
        <ul className={styles.runtimes} aria-label={`Runtimes of ${name}`}>
          {runner.runtimes.map(report => (
            <RuntimeLine key={report.id} report={report} runner={runner} may={may} />
          ))}
        </ul>
      </Part>
      <Part title="Allowed folders">
        <FolderCheck runner={runner} />
      </Part>
      <Part title="Facts">
        <dl className={styles.facts}>
          <Fact name="Computer">
            <Said>{hostname}</Said>
          </Fact>
          <Fact name="Known">
            <Ago ts={createdAt} ago />
          </Fact>
          <Fact name="Places">{places.join(', ')}</Fact>
          {labels.length > 0 && <Fact name="Labels">{labels.join(', ')}</Fact>}
        </dl>
      </Part>
    </section>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.part}>
      <h3>{title}</h3>
      <div>{children}</div>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function RuntimeLine({ report, runner, may }: { report: RuntimeReport; runner: Runner; may: boolean }) {
  const { tone, words } = runtimeState(report)
  const online = runner.status === 'online'
  const lacking = report.state !== 'ready' && report.state !== 'looking'
  return (
    <li>
      <h4>{report.title}</h4>
      <div>
        <Status tone={online ? tone : 'queued'}>{words}</Status>
        {lacking && online && may && <RuntimeRemedy report={report} runnerId={runner.id} />}
        {lacking && (!may || !online) && report.detail && <p>{report.detail}</p>}
      </div>
      {report.path && (
        <p className={styles.path}>
          <Said>{report.path}</Said>
        </p>
      )}
    </li>
  )
}
