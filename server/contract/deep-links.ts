/** What a link of the desktop (`flotilla://run/<id>`), a notification or the tray may open, and the page that shows it. */
export const deepLinks = {
  run: '/runs/:id',
  approval: '/approvals/:id',
  flow: '/flows/:id'
} as const satisfies Record<string, `/${string}/:id`>
