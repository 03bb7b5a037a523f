import { app, type Mutation, unit } from './mutation.ts'

/** Who gets in, and who sees and may what. */
export const access: readonly Mutation[] = [
  {
    name: 'it answers to any Host',
    file: 'server/http/origin.ts',
    find: 'if (!own.hosts.has(host))',
    replace: 'if (host === "")',
    noticedBy: app('security', 'cannot reach us under the name')
  },
  {
    name: 'a request may have two Hosts',
    file: 'server/http/origin.ts',
    find: 'if (hosts.length > 1)',
    replace: 'if (hosts.length > 2)',
    noticedBy: app('http', 'is named once')
  },
  {
    name: 'pages of other sites may call',
    file: 'server/http/origin.ts',
    find: 'origin !== undefined && !own.origins.has(origin.toLowerCase())',
    replace: 'origin === ""',
    noticedBy: app('security', 'of origin http://evil.example gets 403')
  },
  {
    name: 'the scheme of an origin is not looked at',
    file: 'server/http/origin.ts',
    find: `...all.map(one => \`\${one.scheme}://\${one.host}\`)`,
    replace: `...all.flatMap(one => [\`http://\${one.host}\`, \`https://\${one.host}\`])`,
    noticedBy: app('security', 'of another scheme is another site')
  },
  {
    name: 'what a browser calls cross-site is served',
    file: 'server/http/origin.ts',
    find: `site !== 'none' && !navigation`,
    replace: `site !== 'none' && navigation`,
    noticedBy: app('security', 'whose request the browser calls cross-site gets 403')
  },
  {
    name: 'a form of another site counts as a link',
    file: 'server/http/origin.ts',
    find: `request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate'`,
    replace: `request.headers['sec-fetch-mode'] === 'navigate'`,
    noticedBy: app('security', 'may link to us, and send us no form')
  },
  {
    name: 'plain HTTP leaves this computer unasked',
    file: 'server/config.ts',
    find: 'return !isLoopback(host) && tls === null && !insecureHttp',
    replace: 'return tls !== null && !isLoopback(host) && !insecureHttp',
    noticedBy: app('data-folder', 'makes a certificate of its own')
  },
  {
    name: 'plain HTTP is taken from elsewhere',
    file: 'server/http/one-port.ts',
    find: 'insecureHttp || isFromHere(socket)',
    replace: 'insecureHttp || isFromHere !== undefined',
    noticedBy: unit('http/one-port', 'plain HTTP is refused before anything of it is read')
  },
  {
    name: 'a pairing code works twice',
    file: 'server/domain/runners/pairings.ts',
    find: 'if (row.used_at !== null && !isLostAnswer(domain, row, joining))',
    replace: 'if (row.used_at !== null && isLostAnswer(domain, row, joining))',
    noticedBy: app('pairing', 'each way in which a code is no good')
  },
  {
    name: 'a pairing code works again after its key was used',
    file: 'server/domain/runners/pairings.ts',
    find: 'return row.identity === identity && key?.last_used_at === null',
    replace: 'return row.identity === identity',
    noticedBy: app('pairing', 'may ask again until it has used its key')
  },
  {
    name: 'anybody may ask again with a pairing code',
    file: 'server/domain/runners/pairings.ts',
    find: 'return row.identity === identity && key?.last_used_at === null',
    replace: 'return identity !== "" && key?.last_used_at === null',
    noticedBy: app('pairing', 'may ask again until it has used its key')
  },
  {
    name: 'a pairing code lasts for ever',
    file: 'server/domain/runners/pairings.ts',
    find: 'if (row.expires_at <= now)',
    replace: 'if (row.expires_at <= 0)',
    noticedBy: app('pairing', 'each way in which a code is no good')
  },
  {
    name: 'a pairing code outlives the rights of its maker',
    file: 'server/domain/runners/pairings.ts',
    find: 'if (!row || !mayConnect(domain, row.user_id))',
    replace: 'if (!row || mayConnect === undefined)',
    noticedBy: app('pairing', 'what whoever made it may do by now')
  },
  {
    name: 'pairing codes can be guessed at',
    file: 'server/http/native/index.ts',
    find: 'requests: 30, windowMs: quarterHour',
    replace: 'requests: 0, windowMs: quarterHour',
    noticedBy: app('pairing', 'guesses are counted')
  },
  {
    name: 'what begins like a loopback address is one',
    file: 'server/config.ts',
    find: `/^127\\.\\d+\\.\\d+\\.\\d+$/.test(host)`,
    replace: `host.startsWith('127.')`,
    noticedBy: app('data-folder', 'makes a certificate of its own')
  },
  {
    name: 'scripts read the cookie',
    file: 'server/http/credentials/cookie.ts',
    find: 'httpOnly: true',
    replace: 'httpOnly: false',
    noticedBy: app('security', 'sets a strict HttpOnly cookie')
  },
  {
    name: 'links of other sites send the cookie along',
    file: 'server/http/credentials/cookie.ts',
    find: `sameSite: 'strict'`,
    replace: `sameSite: 'lax'`,
    noticedBy: app('security', 'sets a strict HttpOnly cookie')
  },
  {
    name: 'pages run what stands in them',
    file: 'server/http/security-headers.ts',
    find: `'script-src': "'self'"`,
    replace: `'script-src': "'self' 'unsafe-inline'"`,
    noticedBy: app('security', 'carries the headers that keep a browser safe')
  },
  {
    name: 'a form can be sent as text',
    file: 'server/http/engine/body.ts',
    find: `if (!looking && (await carriesBody(request)))`,
    replace: `if (!looking && !request.is('text/plain') && (await carriesBody(request)))`,
    noticedBy: app('http', 'in chunks, of which there are some, must say that it is JSON')
  },
  {
    name: 'bodies may be of any size',
    file: 'server/http/engine/body.ts',
    find: 'const limit = 10 * 1024 * 1024',
    replace: 'const limit = 1000 * 1024 * 1024',
    noticedBy: app('security', 'to a body over 10 MiB is 413')
  },
  {
    name: 'bodies of strangers are read',
    file: 'server/http/engine/mount.ts',
    find: 'identify(face, doorOf(context, face, endpoint)),\n      parseBody(face, endpoint),',
    replace: 'parseBody(face, endpoint),\n      identify(face, doorOf(context, face, endpoint)),',
    noticedBy: app('security', 'to a body of somebody unknown does not depend on what is in it')
  },
  {
    name: 'answers may be kept by caches',
    file: 'server/http/engine/mount.ts',
    find: `response.setHeader('Cache-Control', 'no-store')`,
    replace: 'void response',
    noticedBy: app('security', 'is kept by no cache')
  },
  {
    name: 'faults tell what went on inside',
    file: 'server/http/errors.ts',
    find: `new AppError('INTERNAL', 'Something went wrong on our side')`,
    replace: `new AppError('INTERNAL', String(error))`,
    noticedBy: unit('http/errors', 'says nothing of its cause')
  },
  {
    name: 'scopes are not looked at',
    file: 'server/http/credentials/authenticate.ts',
    find: '  if (!reaches(principal, scope)) throw',
    replace: '  if (principal.scopes.length > 9) throw',
    noticedBy: app('login', 'a viewer looks and does nothing else, a member does not manage people')
  },
  {
    name: 'a limited key rules the account of its person',
    file: 'server/http/credentials/authenticate.ts',
    find: `scope === 'self' ? isWhole(principal)`,
    replace: `scope === 'self' ? principal !== null`,
    noticedBy: app('keys', 'that are limited do not rule the account of their person')
  },
  {
    name: 'tokens lie in the store as they are',
    file: 'server/domain/people/credentials.ts',
    find: `createHash('sha256').update(token).digest('hex')`,
    replace: `token.padEnd(80, '.')`,
    noticedBy: app('keys', 'still lie nowhere in the data folder')
  },
  {
    name: 'a key is shown for ever',
    file: 'server/domain/people/keys.ts',
    find: 'prefix: key.slice(0, 12)',
    replace: 'prefix: key',
    noticedBy: app('security', 'is shown once, then only by its first 12 characters')
  },
  {
    name: 'keys do not expire',
    file: 'server/domain/people/keys.ts',
    find: 'if (!row || (row.expires_at !== null && row.expires_at <= now)) return null',
    replace: 'if (!row || now < 0) return null',
    noticedBy: app('keys', 'that has expired opens nothing')
  },
  {
    name: 'a key keeps what its person lost',
    file: 'server/domain/people/keys.ts',
    find: 'scopesOf(row).filter(scope => allowed.includes(scope))',
    replace: 'scopesOf(row).filter(() => allowed.length > 0)',
    noticedBy: app('login', 'a new role counts from the next request on, for keys too')
  },
  {
    name: 'one gives keys more than one has',
    file: 'server/domain/people/keys.ts',
    find: 'scopes?.find(scope => !holds(by, scope))',
    replace: 'scopes?.find(scope => !scope)',
    noticedBy: app('keys', 'have an owner and never more than the owner has')
  },
  {
    name: 'keys of others can be revoked',
    file: 'server/domain/people/keys.ts',
    find: 'if (!row || !(isAdmin(by) || row.user_id === by.user.id))',
    replace: 'if (!row || !by)',
    noticedBy: app('keys', 'of others are not seen, and cannot be revoked')
  },
  {
    name: 'what is open outlives its key',
    file: 'server/domain/people/keys.ts',
    find: 'revoke(domain, `key:${id}`)',
    replace: 'void revoke',
    noticedBy: app('keys', 'a key that is revoked')
  },
  {
    name: 'a parked claim of a revoked key still gets a run',
    file: 'server/http/runners/runner-protocol.ts',
    find: `requireStanding(domain, principal, claimRuns)
        if (protocol.hasClaimable(domain, body)) {
          const runs = await domain.store.writer.write(() => {
            requireStanding(domain, principal, claimRuns)`,
    replace: `void principal
        if (protocol.hasClaimable(domain, body)) {
          const runs = await domain.store.writer.write(() => {
            void principal`,
    noticedBy: app('standing', 'for runs gets none when its key has expired meanwhile')
  },
  {
    name: 'what was found out for a revoked key is told to it',
    file: 'server/http/engine/writing.ts',
    find: 'requireStanding(domain, principal, endpoint)',
    replace: 'void [principal, endpoint]',
    noticedBy: app('standing', 'for the check of an MCP server does not hear what it found')
  },
  {
    name: 'a change under way is made though its key was revoked',
    file: 'server/http/engine/writing.ts',
    find: 'const principal = requireStanding(domain, call.principal, endpoint)',
    replace: 'const principal = endpoint ? call.principal : requireStanding(domain, call.principal, endpoint)',
    noticedBy: app('standing', 'is none when its key is revoked before it is whole')
  },
  {
    name: 'tokens are not verified',
    file: 'server/domain/people/tokens.ts',
    find: 'const verified = await jwtVerify(token, await signingKey(), options)',
    replace: 'const verified = { payload: decodeJwt(token), key: await signingKey(), options, jwtVerify }',
    noticedBy: app('login', 'that was tampered with is refused, whatever was changed')
  },
  {
    name: 'sessions do not expire',
    file: 'server/domain/people/logins.ts',
    find: 'if (!row || row.expires_at <= now) return null',
    replace: 'if (!row || now < 0) return null',
    noticedBy: app('login', 'of a browser ends thirty days after its last use')
  },
  {
    name: 'sessions outlive a changed password',
    file: 'server/domain/people/users.ts',
    find: 'if (wish.passwordHash !== undefined && row.password_hash !== null) endLogins',
    replace: 'if (wish.passwordHash === null) endLogins',
    noticedBy: app('login', 'end when the password changes')
  },
  {
    name: 'a login link works twice',
    file: 'server/domain/people/one-time-tokens.ts',
    find: '      live.delete(hashToken(token))\n      return value',
    replace: '      return value',
    noticedBy: app('security', 'a login link works once')
  },
  {
    name: 'a second step may come at any time',
    file: 'server/domain/people/one-time-tokens.ts',
    find: 'expiresAt <= clock.now() || live.size > most',
    replace: 'expiresAt < 0 || live.size > most',
    noticedBy: app('mfa', 'must end within five minutes')
  },
  {
    name: 'passwords can be guessed without end',
    file: 'server/http/credentials/login.ts',
    find: 'for (const [limits, subject] of windows) limiter.check(limits, subject)',
    replace: 'void limiter.check',
    noticedBy: app('login', 'gets ten tries for an email')
  },
  {
    name: 'a burst gets more guesses than a row',
    file: 'server/http/credentials/login.ts',
    find: 'gets no more guesses than a row of them.\n  attempt.check()',
    replace: 'gets no more guesses than a row of them.',
    noticedBy: app('login', 'gets not even the right one, once ten were wrong before it was looked at')
  },
  {
    name: 'who has a session guesses the password without end',
    file: 'server/http/credentials/login.ts',
    find: '      limiter.check(perPerson, userId)\n      try',
    replace: '      try',
    noticedBy: app('login', 'with somebody’s session gets ten tries for the password')
  },
  {
    name: 'a failed login leaves no trace',
    file: 'server/http/credentials/login.ts',
    find: `await auditRefusal(domain, actor, { action: 'session.created', noun: 'session', target: '' })`,
    replace: 'void [auditRefusal, domain, actor]',
    noticedBy: app('login', 'that fails is written down')
  },
  {
    name: 'a code of the second step can be used again',
    file: 'server/domain/people/mfa.ts',
    find: '...(row.totp_last_step > 0 ? { afterTimeStep: row.totp_last_step } : {})',
    replace: '...{}',
    noticedBy: app('mfa', 'takes a code once')
  },
  {
    name: 'an admin makes owners',
    file: 'server/domain/people/users.ts',
    find: `if (role === 'owner' && requireActor(domain).user.role !== 'owner')`,
    replace: `if (role === 'owner' && requireActor(domain).user.role === 'viewer')`,
    noticedBy: app('login', 'an admin makes no owner, and touches none')
  },
  {
    name: 'the last owner can be made less',
    file: 'server/domain/people/users.ts',
    find: `if (role !== 'owner') requireOtherOwner(domain, row)`,
    replace: 'void role',
    noticedBy: app('users', 'cannot be removed or demoted as long as nobody else is an owner')
  },
  {
    name: 'runs of my agent by another person are hidden from me',
    file: 'server/store/people/sight.ts',
    find: 'runs: `(owner_id = ? OR agent_id IN ${agents})`',
    replace: 'runs: `owner_id = ?`',
    noticedBy: app('visibility', 'its runs are mine to see')
  },
  {
    name: 'runs of others can be read',
    file: 'server/domain/runs/runs.ts',
    find: `const run = seen(domain, 'runs', domain.store.runs.byId(id))`,
    replace: 'const run = domain.store.runs.byId(id)',
    noticedBy: app('visibility', 'getRun: is not there, to the letter')
  },
  {
    name: 'approvals of others can be answered',
    file: 'server/domain/runs/approvals.ts',
    find: `const row = seen(domain, 'approvals', domain.store.approvals.byId(id))`,
    replace: 'const row = domain.store.approvals.byId(id)',
    noticedBy: app('visibility', 'approve: is not there, to the letter')
  },
  {
    name: 'lists are shared by all who look',
    file: 'server/http/engine/list-cache.ts',
    find: `sight === 'everything' ? 'all' : sight.userId`,
    replace: `sight === 'everything' ? 'all' : 'all'`,
    noticedBy: app('visibility', 'stands in no list and no count')
  },
  {
    name: 'changes of others are heard',
    file: 'server/domain/changes.ts',
    find: `seen !== 'admins' && sees(domain, seen, id)`,
    replace: `seen !== 'admins' && sees !== null`,
    noticedBy: app('visibility', 'is not told by the stream of changes')
  },
  {
    name: 'runs of others can be followed by the socket',
    file: 'server/http/native/socket.ts',
    find: `const run = seen(domain, 'runs', store.runs.byId(runId))`,
    replace: 'const run = store.runs.byId(runId)',
    noticedBy: app('visibility', 'is not told by the stream of changes')
  },
  {
    name: 'sockets of other sites are opened',
    file: 'server/http/sockets/sockets.ts',
    find: 'checkOrigin(context.config, request)',
    replace: 'void checkOrigin',
    noticedBy: app('tail', 'by WebSocket')
  }
]
