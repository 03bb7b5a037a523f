import { z } from 'zod'
import { endpoint, idParams, listed, timestamp } from '../endpoint.ts'
import { keyScopes } from './keys.ts'
import { email, newPassword, personName, user } from './users.ts'

/** Who the caller is to the control plane: a credential and the person behind it. */
export const me = z
  .object({
    kind: z.enum(['owner', 'session', 'token', 'key']),
    name: z.string(),
    scopes: z.array(z.enum(keyScopes)).describe('What the credential and the person both allow'),
    lastChange: z
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .describe(
        'Number of the newest change as of this answer: what is read from now on is kept true by those after it'
      ),
    user
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof me>

export const getMe = endpoint({
  id: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  tag: 'session',
  summary: 'Who I am',
  scope: 'read',
  output: me
})

export const changeMe = endpoint({
  id: 'changeMe',
  method: 'PUT',
  path: '/api/v1/me',
  tag: 'session',
  summary:
    'Change my name, email or password; the first password turns email login on. A new password ends my other sessions.',
  scope: 'self',
  body: z.object({
    email: email.optional(),
    name: personName.optional(),
    password: newPassword.optional(),
    currentPassword: z.string().max(256).optional().describe('Needed for a new email or password, where there is one')
  }),
  output: me,
  errors: ['EMAIL_TAKEN', 'WRONG_PASSWORD']
})

export const createLoginLink = endpoint({
  id: 'createLoginLink',
  method: 'POST',
  path: '/api/v1/auth/login-link',
  tag: 'session',
  summary: 'A link that signs one browser in as me, once',
  scope: 'self',
  output: z.object({ url: z.string(), expiresAt: timestamp }),
  status: 201
})

export const logout = endpoint({
  id: 'logout',
  method: 'POST',
  path: '/api/v1/auth/logout',
  tag: 'session',
  summary: 'End the session that asks',
  scope: 'self',
  output: z.object({ success: z.literal(true) })
})

/** What a login gives: a browser's cookie, or a token in the answer. */
const wanted = z.enum(['cookie', 'token']).default('cookie')

const signedIn = z.object({
  mfaRequired: z.literal(false),
  token: z.string().nullable().describe('A JWT; null when a cookie was asked for'),
  expiresAt: timestamp,
  user
})
const codeNeeded = z.object({
  mfaRequired: z.literal(true),
  mfaToken: z.string().describe('Good for `/auth/mfa/verify` only, and for five minutes')
})

/** Failed logins of one person that are let through in a quarter of an hour. */
export const triesPerQuarterHour = 10

const loginErrors = ['INVALID_REQUEST', 'UNAUTHORIZED', 'RATE_LIMITED'] as const

export const login = endpoint({
  id: 'login',
  method: 'POST',
  path: '/api/v1/auth/login',
  tag: 'session',
  summary: 'Log in by email and password. Where two-step login is on, the code must follow.',
  scope: 'public',
  body: z.object({
    email: z.string().trim().toLowerCase().min(1).max(254),
    password: z.string().min(1).max(256),
    as: wanted
  }),
  output: z.discriminatedUnion('mfaRequired', [signedIn, codeNeeded]),
  errors: loginErrors
})

export const verifyMfa = endpoint({
  id: 'verifyMfa',
  method: 'POST',
  path: '/api/v1/auth/mfa/verify',
  tag: 'session',
  summary: 'Finish a login with the code of an authenticator, or with a recovery code',
  scope: 'public',
  body: z.object({ mfaToken: z.string().min(1).max(200), code: z.string().trim().min(1).max(64), as: wanted }),
  output: signedIn,
  errors: [...loginErrors, 'MFA_STATE']
})

export const enrolMfa = endpoint({
  id: 'enrolMfa',
  method: 'POST',
  path: '/api/v1/auth/mfa/enrol',
  tag: 'session',
  summary: 'Begin two-step login: shown this once; it is on when a code has confirmed it',
  scope: 'self',
  output: z.object({ secret: z.string(), otpauthUrl: z.string(), recoveryCodes: z.array(z.string()) }),
  errors: ['MFA_STATE']
})

const code = z.object({ code: z.string().trim().min(1).max(64) })

export const confirmMfa = endpoint({
  id: 'confirmMfa',
  method: 'POST',
  path: '/api/v1/auth/mfa/confirm',
  tag: 'session',
  summary: 'Turn two-step login on with a first code',
  scope: 'self',
  body: code,
  output: me,
  errors: ['MFA_STATE', 'WRONG_CODE']
})

export const disableMfa = endpoint({
  id: 'disableMfa',
  method: 'POST',
  path: '/api/v1/auth/mfa/disable',
  tag: 'session',
  summary: 'Turn two-step login off, with a code or a recovery code',
  scope: 'self',
  body: code,
  output: me,
  errors: ['MFA_STATE', 'WRONG_CODE']
})

export const createToken = endpoint({
  id: 'createToken',
  method: 'POST',
  path: '/api/v1/auth/tokens',
  tag: 'session',
  summary: 'A JWT of mine for a face, as its own login would give it; it lasts 12 hours',
  scope: 'self',
  body: z.object({ face: listed('tokenFaces').default('native') }),
  output: z.object({ token: z.string(), expiresAt: timestamp }),
  status: 201
})

export const openLogin = z
  .object({
    id: z.uuid(),
    userId: z.string(),
    kind: z.enum(['cookie', 'token']),
    face: z.string(),
    client: z.string().describe('As it called itself'),
    ip: z.string(),
    current: z.boolean().describe('The one that asks'),
    createdAt: timestamp,
    lastUsedAt: timestamp,
    expiresAt: timestamp
  })
  .meta({ id: 'Session' })
export type Login = z.infer<typeof openLogin>

export const listSessions = endpoint({
  id: 'listSessions',
  method: 'GET',
  path: '/api/v1/sessions',
  tag: 'session',
  summary: 'My sessions, most recent first; for an admin also those of another person',
  scope: 'self',
  query: z.object({ userId: z.string().max(64).optional() }),
  output: z.object({ data: z.array(openLogin) }),
  errors: ['NOT_FOUND']
})

export const getSession = endpoint({
  id: 'getSession',
  method: 'GET',
  path: '/api/v1/sessions/:id',
  tag: 'session',
  summary: 'A session of mine, or as an admin that of anybody',
  scope: 'self',
  params: idParams,
  output: openLogin,
  errors: ['NOT_FOUND']
})

export const deleteSession = endpoint({
  id: 'deleteSession',
  method: 'DELETE',
  path: '/api/v1/sessions/:id',
  tag: 'session',
  summary: 'End a session of mine, or as an admin that of anybody, at once',
  scope: 'self',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})
