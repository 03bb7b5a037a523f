import { z } from 'zod'
import { endpoint } from '#contract/endpoint'
import { login as ourLogin, verifyMfa as ourVerify } from '#contract/people/login'
import { roles } from '#contract/people/users'

const signedIn = z.object({
  token: z.string(),
  user: z.object({ id: z.uuid(), email: z.string(), role: z.enum(roles) })
})

export const login = endpoint({
  id: 'login',
  method: 'POST',
  path: '/api/auth/login',
  tag: 'auth',
  summary: 'Log in for a token that lasts 12 hours. Where MFA is on, the code must follow.',
  scope: 'public',
  body: ourLogin.body.omit({ as: true }),
  output: z.union([signedIn, z.object({ mfaRequired: z.literal(true), mfaToken: z.string() })]),
  errors: ourLogin.errors
})

export const verifyMfa = endpoint({
  id: 'verifyMfa',
  method: 'POST',
  path: '/api/auth/mfa/verify',
  tag: 'auth',
  summary: 'Finish a login with a code of the authenticator, or a recovery code',
  scope: 'public',
  body: ourVerify.body.omit({ as: true }),
  output: signedIn,
  errors: ourVerify.errors
})
