import { app, dialect, faults, type Mutation, unit } from './mutation.ts'

/** Runs and who runs them, approvals, money, and what is kept. */
export const work: readonly Mutation[] = [
  {
    name: 'paused and archived agents work',
    file: 'server/domain/runs/runs.ts',
    find: 'if (agent) requireWorking(agent)',
    replace: 'void [agent, requireWorking]',
    noticedBy: app('agents', 'does not make it work')
  },
  {
    name: 'a run that is at work is followed up',
    file: 'server/domain/runs/runs.ts',
    find: 'if (takesInput(parent))',
    replace: 'if (takesInput === null)',
    noticedBy: app('runs', 'a run that goes on, or never got a session, cannot be followed up')
  },
  {
    name: 'a run is deleted while it works',
    file: 'server/domain/runs/removal.ts',
    find: 'if (!isEnded(run.status)) throw',
    replace: 'if (isEnded === null) throw',
    noticedBy: app('data', 'one that is RUNNING is refused')
  },
  {
    name: 'an approval is answered twice',
    file: 'server/domain/runs/approvals.ts',
    find: `if (row.status !== 'pending') {`,
    replace: `if (row.status === 'expired') {`,
    noticedBy: app('approvals', 'it is decided once')
  },
  {
    name: 'a run goes on with its first answer',
    file: 'server/domain/runs/approvals.ts',
    find: `run?.status === 'WAITING' && domain.store.approvals.pendingOf(number).length === 0`,
    replace: `run?.status === 'WAITING'`,
    noticedBy: app('approvals', 'several open requests')
  },
  {
    name: 'what was allowed once for a run allows all',
    file: 'server/domain/runs/approvals.ts',
    find: 'rule.exact === 1 ? rule.pattern === row.subject',
    replace: 'rule.exact === 1 ? rule.pattern !== null',
    noticedBy: app('approvals', 'allowed for the run without a pattern, it is this request alone')
  },
  {
    name: 'the end of a run leaves its requests open',
    file: 'server/domain/runs/run-ending.ts',
    find: `closePending(domain, run, ending.status === 'LOST' ? 'expired' : 'withdrawn')`,
    replace: 'run',
    noticedBy: app('approvals', 'withdrawn by the agent, or by the end of its run')
  },
  {
    name: 'a window tells the agent at once',
    file: 'server/domain/runs/approvals.ts',
    find: `requireActor(domain).kind === 'session' ? domain.undoMs : 0`,
    replace: `requireActor(domain).kind === 'session' ? 0 : domain.undoMs * 0`,
    noticedBy: app('held-answers', 'what a window decides is held and can be undone')
  },
  {
    name: 'an answer that was told is undone',
    file: 'server/domain/runs/approvals.ts',
    find: 'if (row.held_until === null)\n    throw',
    replace: 'if (row.held_until === -1)\n    throw',
    noticedBy: app('held-answers', 'a denial that was undone can be allowed, once')
  },
  {
    name: 'trust is given without naming the content',
    file: 'server/domain/runs/trust.ts',
    find: 'if (named !== content) throw',
    replace: 'if (named === "") throw',
    noticedBy: app('trust', 'trust is not given by accident')
  },
  {
    name: 'trust in one content holds for any',
    file: 'server/store/runs/folder-trust.ts',
    find: 'WHERE ${of} AND content = @content ORDER BY',
    replace: 'WHERE ${of} AND @content IS NOT NULL ORDER BY',
    noticedBy: app('trust', 'another content, folder or runtime asks again')
  },
  {
    name: 'what starts by itself waits for a person',
    file: 'server/domain/runs/trust.ts',
    find: `return run.trust === 'never'`,
    replace: `return run.trust === null`,
    noticedBy: app('trust', 'a run with trust "never"')
  },
  {
    name: 'the runner before this one is heard',
    file: 'server/domain/runners/runner-protocol.ts',
    find: 'if (row?.incarnation !== caller.incarnation)',
    replace: 'if (!row)',
    noticedBy: app('runner-protocol', 'that registers again under its identity shuts the older one out')
  },
  {
    name: 'an earlier attempt is heard',
    file: 'server/domain/runners/runner-protocol.ts',
    find: 'run.attempt !== attempt || run.runner_id === null',
    replace: 'attempt < 0 || run.runner_id === null',
    noticedBy: app('runner-protocol', 'of a run that another attempt or runner holds they are refused')
  },
  {
    name: 'a runner tells of runs of another',
    file: 'server/domain/runners/runner-protocol.ts',
    find: 'return run.runner_id === runner.id || run.runner_id === runner.drains_for\n}',
    replace: 'return runner.id !== null\n}',
    noticedBy: app('runner-protocol', 'of a run that another attempt or runner holds they are refused')
  },
  {
    name: 'steps of a run may be missing',
    file: 'server/domain/runs/run-items.ts',
    find: 'if (item.n !== acked + 1)',
    replace: 'if (item.n <= acked)',
    noticedBy: app('runner-protocol', 'with a gap they are refused')
  },
  {
    name: 'a lost run lives beside its successor',
    file: 'server/domain/runners/runner-protocol.ts',
    find: 'if (domain.store.runs.hasSuccessor(run.id)) return { run, successor: true }',
    replace: '',
    noticedBy: app('runner-protocol', 'after a successor was launched a lost run stays lost')
  },
  {
    name: 'a runner that is gone keeps its runs',
    file: 'server/domain/runners/leases.ts',
    find: 'perform: expireLeases,',
    replace: 'perform: () => void expireLeases,',
    noticedBy: app('runner-protocol', 'that ran out makes the run LOST, with the reason')
  },
  {
    name: 'runs are lost while the computer sleeps',
    file: 'server/domain/runners/leases.ts',
    find: 'perform: expireLeases,\n  late: grantGrace',
    replace: `perform: expireLeases,\n  late: 'perform'`,
    noticedBy: faults('clock', 'after the computer slept for an hour')
  },
  {
    name: 'silence is measured by a clock that jumps',
    file: 'server/domain/runners/presence.ts',
    find: 'clock.steady() - (words.get(id)?.steady ?? start)',
    replace: 'clock.now() - (words.get(id)?.at ?? start)',
    noticedBy: faults('clock', 'a clock that is set back keeps no dead runner online')
  },
  {
    name: 'the clock of a runner is believed',
    file: 'server/domain/runs/event-times.ts',
    find: 'Math.abs(off) > toleratedMs ? off : 0',
    replace: 'Math.abs(off) < 0 ? off : 0',
    noticedBy: faults('clock', 'what a runner tells whose clock is slow')
  },
  {
    name: 'a runner that lived on misses commands after a restore',
    file: 'server/domain/runners/runner-protocol.ts',
    find: 'countCommandsOn(domain, id, body.lastCommand)',
    replace: 'void countCommandsOn',
    noticedBy: faults('put-back', 'what an agent still waits for is asked again')
  },
  {
    name: 'ids of commands begin anew after a restore',
    file: 'server/domain/runners/leases.ts',
    find: 'runners.countCommandsFrom(Math.max(domain.clock.now(), runners.lastCommand() + leap))',
    replace: 'void [runners, leap]',
    noticedBy: faults('put-back', 'so does one that hears it before it registered anew')
  },
  {
    name: 'a copy of a runner takes its place',
    file: 'server/domain/runners/identity.ts',
    find: 'if (!(await speaks(domain, row.id))) return',
    replace: 'if (await speaks(domain, row.id)) return',
    noticedBy: app('cloned-identity', 'a copy of a runner that lives is told what to do')
  },
  {
    name: 'a runner is forgotten while it may work',
    file: 'server/domain/runners/forgetting.ts',
    find: 'if (held > 0)',
    replace: 'if (held < 0)',
    noticedBy: app('placement', 'is not forgotten while it may still be at work')
  },
  {
    name: 'labels are not looked at',
    file: 'server/domain/runners/placement.ts',
    find: 'labels.every(label => labelsOf(row).includes(label))',
    replace: 'labels.every(() => labelsOf(row) !== null)',
    noticedBy: app('placement', 'goes only to a runner that has all of its labels')
  },
  {
    name: 'a run goes where its folder is not allowed',
    file: 'server/domain/runners/folders.ts',
    find: 'if (cwd === null) return true',
    replace: 'if (cwd !== "") return true',
    noticedBy: app('placement', 'goes only to a runner whose folders hold its own')
  },
  {
    name: 'one runner takes all while others idle',
    file: 'server/domain/runners/placement.ts',
    find: 'if (run.runner_id !== null) return false\n  const woken',
    replace: 'if (run.number > 0) return false\n  const woken',
    noticedBy: app('placement', 'goes to one that waits: three launches at once use every idle runner')
  },
  {
    name: 'a used-up budget stops nothing',
    file: 'server/domain/money/spending.ts',
    find: `row.action === 'stop' && row.spent + reserved > row.amount`,
    replace: `row.action === 'stop' && reserved < 0`,
    noticedBy: app('budgets', 'ends a running run that goes past it')
  },
  {
    name: 'many launches at once pass a budget for few',
    file: 'server/domain/money/spending.ts',
    find: `if (!fits && row.action !== 'warn') throw`,
    replace: `if (!fits && row.action === null) throw`,
    noticedBy: app('budgets', 'keeps fifty launches at once within a budget for ten')
  },
  {
    name: 'any number of tokens can be claimed',
    file: 'server/contract/money/figures.ts',
    find: 'export const claimedTokens = z.int().min(0).max(maxRunTokens)',
    replace: 'export const claimedTokens = z.number()',
    noticedBy: app('usage', 'a claim that cannot be is refused at the door')
  },
  {
    name: 'a run counts on the day on which it is booked',
    file: 'server/domain/money/usage.ts',
    find: 'dayOf(run.ended_at ?? domain.clock.now())',
    replace: 'dayOf(domain.clock.now())',
    noticedBy: app('usage', 'is taken back from the day on which it was counted')
  },
  {
    name: 'nothing is written down',
    file: 'server/store/audit/audit.ts',
    find: 'for (const deed of deeds) chain.append(by, deed)',
    replace: 'void [chain, by]',
    noticedBy: app('audit', 'a change says what was and what is')
  },
  {
    name: 'entries of the audit are no chain',
    file: 'server/store/audit/audit.ts',
    find: 'prev: end.hash',
    replace: 'prev: noHash',
    noticedBy: app('audit', 'gives every entry once, oldest first, with a chain')
  },
  {
    name: 'the end of the chain can be forged',
    file: 'server/store/audit/audit.ts',
    find: 'return vault.open(sealContext, row.seal) === sealText(row) ? row : null',
    replace: 'return vault.open(sealContext, row.seal) === "" ? null : row',
    noticedBy: app('audit', 'notices a chain that was written anew, and a forged record of its end')
  },
  {
    name: 'a spreadsheet runs what an agent wrote',
    file: 'server/http/answers/csv.ts',
    find: `formula.test(text) ? \`'\${text}\` : text`,
    replace: 'formula === null ? "" : text',
    noticedBy: unit('http/answers/csv', 'is not calculated')
  },
  {
    name: 'a change overwrites what somebody else changed',
    file: 'server/http/engine/writing.ts',
    find: 'if (!isMeant(wanted, tag)) throw',
    replace: 'if (isMeant === null) throw',
    noticedBy: app('conditions', 'is honoured by PATCH')
  },
  {
    name: 'a weak tag is good enough to write over',
    file: 'server/http/engine/conditional.ts',
    find: '.some(one => one === tag)',
    replace: `.some(one => one.replace(/^W\\//, '') === tag)`,
    noticedBy: app('conditions', 'is honoured by PATCH')
  },
  {
    name: 'a request that is sent again is done again',
    file: 'server/http/engine/writing.ts',
    find: 'const earlier = key === null ? null : remembered(domain, principal, key, request)',
    replace: 'const earlier = key === "" ? remembered(domain, principal, key, request) : null',
    noticedBy: app('security', 'with the same Idempotency-Key a launch happens once')
  },
  {
    name: 'a key of another request gives its answer',
    file: 'server/http/engine/idempotency.ts',
    find: 'if (row.fingerprint !== fingerprint(domain, request))',
    replace: 'if (row.fingerprint === fingerprint(domain, request) + "x")',
    noticedBy: app('security', 'with the same Idempotency-Key a launch happens once')
  },
  {
    name: 'a stream begins anew with every connection',
    file: 'server/http/answers/sse.ts',
    find: '.test(last) ? Number(last) : after',
    replace: '.test(last) ? after : after',
    noticedBy: app('tail', 'Last-Event-ID and ?after= resume')
  },
  {
    name: 'live events leave gaps behind',
    file: 'server/realtime/tail.ts',
    find: 'batch.first !== cursor + 1 || sink.buffered() > maxBuffered',
    replace: 'batch.first < 0 || sink.buffered() > maxBuffered',
    noticedBy: unit('realtime/tail', 'what nobody told of is read from the log, in its place')
  },
  {
    name: 'the end of a run comes before its last event',
    file: 'server/realtime/tail.ts',
    find: '!isEnded(row.status) || cursor < row.last_seq',
    replace: '!isEnded(row.status)',
    noticedBy: unit('realtime/tail', 'also where more was committed, in the same group')
  },
  {
    name: 'a listener that stalls fills the memory',
    file: 'server/realtime/tail.ts',
    find: 'if (batch.first !== cursor + 1 || sink.buffered() > maxBuffered)',
    replace: 'if (batch.first !== cursor + 1)',
    noticedBy: unit('realtime/tail', 'a listener that stalls is told nothing more until it has drained')
  },
  {
    name: 'variables by which programs run can be set',
    file: 'server/contract/fleet/handed-values.ts',
    find: 'return isReserved ?',
    replace: 'return isReserved === null ?',
    noticedBy: app('secrets', 'is not called NODE_OPTIONS')
  },
  {
    name: 'a secret may hold what no process can be given',
    file: 'server/contract/fleet/handed-values.ts',
    find: `if (value.includes('\\0')) return`,
    replace: `if (value === '\\0') return`,
    noticedBy: app('secrets', 'that holds NUL is refused by its name')
  },
  {
    name: 'secrets of one agent reach another',
    file: 'server/store/fleet/secrets.ts',
    find: `"SELECT * FROM secrets WHERE scope = 'org' OR agent_id = ? ORDER BY scope DESC, key"`,
    replace: `"SELECT * FROM secrets WHERE scope = 'org' OR agent_id <> '' OR agent_id = ? ORDER BY scope DESC, key"`,
    noticedBy: app('secrets', 'reaches runs when they are claimed')
  },
  {
    name: 'a sealed value opens in another place',
    file: 'server/vault/vault.ts',
    find: 'seal(key, context, text),\n    open: (context, sealed) => open(key, context, sealed)',
    replace: `seal(key, context && '', text),\n    open: (context, sealed) => open(key, context && '', sealed)`,
    noticedBy: unit('vault/vault', 'it opens only in its own place')
  },
  {
    name: 'the key of the data folder can be read by all',
    file: 'server/whole-file.ts',
    find: '0o600',
    replace: '0o644',
    noticedBy: app('secrets', 'stands in no file of the data folder and in no answer')
  },
  {
    name: 'the private folder of an agent at work is let go',
    file: 'server/domain/data/retention.ts',
    find: `return agent.state === 'archived' && (agent.last_active_at ?? 0) < time`,
    replace: `return agent.state !== null && (agent.last_active_at ?? 0) < time`,
    noticedBy: app('data', 'private folders: of runs that are gone, never of an agent that works')
  },
  {
    name: 'two control planes share a folder',
    file: 'server/store/data-folder.ts',
    find: `lock.exec('BEGIN EXCLUSIVE')`,
    replace: `lock.exec('SELECT 1')`,
    noticedBy: app('data-folder', 'a second control plane on the folder is refused')
  },
  {
    name: 'a database of a newer version is opened',
    file: 'server/store/database.ts',
    find: 'if (current > steps.length)',
    replace: 'if (current < 0)',
    noticedBy: app('data-folder', 'a database of a newer Flotilla is refused')
  },
  {
    name: 'a face answers with our status where its document has another',
    file: 'server/dialects/fleetrun/index.ts',
    find: 'statuses: { LIMIT_REACHED: 403 }',
    replace: 'statuses: {}',
    noticedBy: dialect('fleetrun/conformance', 'a limit that is reached is 403')
  },
  {
    name: 'a face says it in our words where its document has others',
    file: 'server/http/face.ts',
    find: 'return missing[error.thing] ?? error.message',
    replace: 'return missing && error.message',
    noticedBy: dialect('agenfleet/conformance', 'one that is deleted is gone')
  }
]
