/** What every prompt of a flow can name as `{{name}}`, and what it is. Its own variables come beside them. */
export const givenVariables = {
  flow: 'the title of the flow',
  date: 'the day, in UTC',
  time: 'the moment, in UTC',
  due: 'when it was to start',
  last_run: 'when it ran last',
  payload: 'what the webhook brought',
  previous_result: 'the result of the flow before it',
  changed: 'the file or ref that changed'
} as const
