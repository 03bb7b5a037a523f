/**
 * Where the screens of the UI are, in the order of its navigation. The `screen.ts` of the feature says what is there. A
 * navigation to one of them, or below it, gets the page; whatever else is unknown is 404.
 */
export const screens = [
  '/fleet',
  '/runs',
  '/approvals',
  '/tasks',
  '/flows',
  '/messages',
  '/usage',
  '/runners',
  '/audit',
  '/secrets',
  '/mcps',
  '/api-keys',
  '/settings',
  // Without an entry in the navigation.
  '/search',
  '/sign-in'
] as const
