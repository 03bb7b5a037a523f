import { app, type Mutation, unit } from './mutation.ts'

/** The runner: folders, processes, what it tells and what it hides. */
export const runner: readonly Mutation[] = [
  {
    name: 'a runner speaks to whoever answers in the place of its control plane',
    file: 'server/runner/connection/pinned-agent.ts',
    find: 'certificate !== undefined && pinOf(certificate) === pin',
    replace: 'certificate !== undefined && pinOf(certificate) !== ""',
    noticedBy: app('pairing', 'nothing is told to who answers in the place of the control plane')
  },
  {
    name: 'links lead out of the allowed folders',
    file: 'server/runner/places/host/folder.ts',
    find: 'const folder = await realpath(wish)',
    replace: 'const folder = (await realpath(wish)) && wish',
    noticedBy: unit('runner/places/host/folder', 'CWD_NOT_ALLOWED: code/way-out')
  },
  {
    name: 'agents work in the data folder',
    file: 'server/contract/runners/folder-rule.ts',
    find: 'if (dataDir !== null && isInside(folder, dataDir, platform))',
    replace: 'if (dataDir === "")',
    noticedBy: unit('runner/places/host/folder', 'the data folder is closed even where everything is allowed')
  },
  {
    name: 'agents work in the data folder of another Flotilla',
    file: 'server/runner/places/host/folder.ts',
    find: 'if (other !== null) throw',
    replace: 'if (other === "") throw',
    noticedBy: unit('runner/places/host/folder', 'the data folder of another Flotilla is closed')
  },
  {
    name: 'a folder whose name begins alike is inside',
    file: 'server/contract/runners/folder-rule.ts',
    find: 'return partsOf(parent, platform).every((part, index) => part === inner[index])',
    replace: 'return inner.join().startsWith(partsOf(parent, platform).join())',
    noticedBy: unit('runner/places/host/folder', 'a neighbour whose name begins alike is not inside')
  },
  {
    name: 'points lead out of the allowed folders',
    file: 'server/contract/runners/folder-rule.ts',
    find: `if (name === '..') parts.pop()`,
    replace: `if (name === '...') parts.pop()`,
    noticedBy: app('private-folders', 'the rule about folders')
  },
  {
    name: 'what is trusted may change while it is asked about',
    file: 'server/runner/execution/folder-trust.ts',
    find: 'if (now.content === found.content) return true',
    replace: 'if (now !== null) return true',
    noticedBy: unit('runner/execution/folder-trust', 'what was changed while it was asked about is asked about again')
  },
  {
    name: 'a fault of redaction lets text through',
    file: 'server/runner/redaction/redactor.ts',
    find: `return [{ start: 0, end: text.length, name: '' }]`,
    replace: 'return []',
    noticedBy: unit('runner/redaction/redactor', 'lets nothing through and does not get out')
  },
  {
    name: 'secrets are shown in base64',
    file: 'server/runner/redaction/forms.ts',
    find: ', ...inBase64(value)]',
    replace: ']',
    noticedBy: unit('runner/redaction/redactor', 'in base64 after 0 bytes')
  },
  {
    name: 'secrets of several lines are shown line by line',
    file: 'server/runner/redaction/forms.ts',
    find: '...lines(value).flatMap(spellings), ',
    replace: '',
    noticedBy: unit('runner/redaction/redactor', 'line by line, of a key in a file')
  },
  {
    name: 'what agents inherit is not hidden',
    file: 'server/runner/redaction/environment-secrets.ts',
    find: 'if (namesSecret(name) && !isPlain(value)) found.push([name, value])',
    replace: 'if (name === "" && namesSecret(name) && !isPlain(value)) found.push([name, value])',
    noticedBy: unit('runner/redaction/redactor', 'of an environment')
  },
  {
    name: 'half-finished text shows secrets',
    file: 'server/runner/outbox/deltas.ts',
    find: 'const clear = stream.push(delta.text)',
    replace: 'const clear = stream.push(delta.text) && delta.text',
    noticedBy: unit('runner/outbox/outbox', 'never shows a secret, wherever the pieces are cut')
  },
  {
    name: 'finished text shows secrets',
    file: 'server/runner/outbox/leaving-item.ts',
    find: '(text, limit) => cutText(clean(text), limit)',
    replace: '(text, limit) => cutText(clean === null ? "" : text, limit)',
    noticedBy: unit('runner/execution/execute', 'hides the secrets of the environment in everything it tells')
  },
  {
    name: 'events may be of any size',
    file: 'server/runner/outbox/leaving-item.ts',
    find: 'if (text.length <= limit) return text',
    replace: 'if (limit > 0) return text',
    noticedBy: unit('runner/outbox/leaving-item', 'a text over the limit is cut')
  },
  {
    name: 'an agent is believed whatever it claims to have used',
    file: 'server/runner/outbox/plausible.ts',
    find: "usage: (value: Facts['usage']) => claimedUsage.safeParse(value).success",
    replace: "usage: (value: Facts['usage']) => value !== null",
    noticedBy: unit('runner/outbox/outbox', 'what a runtime claims of itself')
  },
  {
    name: 'what nobody acknowledged is not sent again',
    file: 'server/runner/outbox/outbox.ts',
    find: `case 'away':\n        this.attempts++`,
    replace: `case 'away':\n        this.forget(sent.last)`,
    noticedBy: unit('runner/outbox/outbox', 'sends again what nobody acknowledged')
  },
  {
    name: 'the spool takes whatever the disk has',
    file: 'server/runner/spool/spool-file.ts',
    find: 'this.size + length > this.limits.file ||',
    replace: '',
    noticedBy: unit('runner/spool/spool', 'takes nothing beyond its limit')
  },
  {
    name: 'a line is read however long it is',
    file: 'server/runner/execution/lines.ts',
    find: 'bytes > limit ? null : withoutReturn(',
    replace: 'bytes < 0 ? null : withoutReturn(',
    noticedBy: unit('runner/execution/lines', 'a line over the limit is skipped and told')
  },
  {
    name: 'a page of a proxy takes a run away',
    file: 'server/runner/connection/control-plane-client.ts',
    find: 'if (!parsed.success) return new Unreachable(`HTTP ${status}, not of the control plane`)',
    replace: `if (!parsed.success) return new Refused('NOT_HELD', '', null)`,
    noticedBy: unit(
      'runner/connection/control-plane-client',
      'the answer of a page that is not there is told from others'
    )
  },
  {
    name: 'what is too large for a proxy is sent again as it is',
    file: 'server/runner/connection/control-plane-client.ts',
    find: 'if (status === 413) return new TooLarge',
    replace: 'if (status === 499) return new TooLarge',
    noticedBy: unit('runner/connection/control-plane-client', 'the answer of a limit in between is told from others')
  },
  {
    name: 'an agent outlives its stop',
    file: 'server/runner/places/stop-ladder.ts',
    find: '  await agent.kill(steps.killedMs)',
    replace: '',
    noticedBy: unit('runner/places/host/host-processes', 'stopping an agent on the host')
  },
  {
    name: 'what an agent left behind goes on',
    file: 'server/runner/places/host/host-processes.ts',
    find: 'await endAll(async () => sorted(await look(), root().pid).others, politeMs.left)',
    replace: 'void [endAll, politeMs.left]',
    noticedBy: unit('runner/places/host/host-processes', 'is ended: a grandchild')
  },
  {
    name: 'what left its parents, group and session is not found',
    file: 'server/runner/places/host/host-processes.ts',
    find: 'descendants(entries, root(), [...known, ...processesWithEnv(entries, marks)])',
    replace: 'descendants(entries, root(), marks === null ? processesWithEnv(entries, marks) : known)',
    noticedBy: unit('runner/places/host/host-processes', 'is ended by a runner of the same folder')
  },
  {
    name: 'an agent over ACP writes and runs what nobody granted',
    file: 'server/runner/acp/permissions.ts',
    find: 'return this.granted.covers(request)',
    replace: 'return this.granted.covers(request) || true',
    noticedBy: unit('runner/acp/driver', 'what was granted is written and run without asking again')
  },
  {
    name: 'an agent over ACP is granted what it asks for between two turns',
    file: 'server/runner/acp/driver.ts',
    find: "if (this.phase !== 'busy') {",
    replace: "if (this.phase === 'starting') {",
    noticedBy: unit('runner/acp/driver', 'asks for permission when nobody asked it anything')
  },
  {
    name: 'a copy of a data folder ends the agents of the original',
    file: 'server/runner/places/host/host-processes.ts',
    find: '`${ownerVariable}=${owner}`, ...(part',
    replace: '...(owner === null ? [ownerVariable] : []), ...(part',
    noticedBy: unit('runner/places/host/host-processes', 'is left alone by a runner of another folder')
  },
  {
    name: 'a stranger that got the pid of a daemon is ended',
    file: 'server/runner/places/host/host-processes.ts',
    find: 'entries.some(entry => entry.pid === pid && entry.started === started)',
    replace: 'entries.some(entry => entry.pid === pid && started !== null)',
    noticedBy: unit('runner/places/host/host-processes', 'is kept where it was made to stay')
  },
  {
    name: 'a run may take any time',
    file: 'server/runner/execution/execute.ts',
    find: `onTimeout: () => this.stopBecause('timed out', false)`,
    replace: 'onTimeout: () => {}',
    noticedBy: unit('runner/execution/execute', 'one over its time is stopped')
  },
  {
    name: 'waiting for a person counts as work',
    file: 'server/runner/execution/stopwatch.ts',
    find: '    clearTimeout(this.timer)\n',
    replace: '',
    noticedBy: unit('runner/execution/silence', 'a stopwatch counts only the time in which it runs')
  },
  {
    name: 'agents inherit what is ours',
    file: 'server/runner/machine/environment.ts',
    find: '!deniedNames.has(name) && !deniedPrefixes.some(prefix => name.startsWith(prefix))',
    replace: '!deniedNames.has(name) && deniedPrefixes.length > 0',
    noticedBy: unit('runner/machine/environment', 'holds nothing of ours, of Electron, of npm')
  },
  {
    name: 'a follow-up is booked with what came before it',
    file: 'server/runner/runtimes/claude-code/meter.ts',
    find: 'this.totals === nothing && countsOn(version)) this.totals = this.before',
    replace: 'this.totals === nothing && countsOn(version)) this.totals = nothing',
    noticedBy: unit('runner/runtimes/claude-code/meter', 'counts on from the session')
  },
  {
    name: 'tokens on the way are added up again and again',
    file: 'server/runner/runtimes/claude-code/meter.ts',
    find: 'Math.max(0, outputTokens - (message?.outputTokens ?? 0))',
    replace: 'outputTokens',
    noticedBy: unit('runner/runtimes/claude-code/meter-live', 'output is counted while it is written')
  },
  {
    name: 'a second runner takes runs on the same folder',
    file: 'server/runner/life/single-instance.ts',
    find: 'if (living !== null) return null',
    replace: 'if (living === undefined) return null',
    noticedBy: unit(
      'runner/life/single-instance',
      'the first one is the instance and can be asked, the second is refused'
    )
  }
]
