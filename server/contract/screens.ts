/** What the paths of the UI begin with, besides `/`. A navigation under one of them gets its page; whatever else is unknown is 404. */
export const screens = [
  '/fleet',
  '/runs',
  '/approvals',
  '/tasks',
  '/messages',
  '/usage',
  '/runners',
  '/audit',
  '/secrets',
  '/mcps',
  '/api-keys',
  '/settings',
  '/sign-in'
] as const
