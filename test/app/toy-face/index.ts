import { z } from 'zod'
import { type Face, minute } from '../../../server/http/for-faces.ts'
import { buzz, routes } from './handlers.ts'

/** A face that is not ours, with everything in it that a face may have. */
export const hive: Face = {
  id: 'hive',
  title: 'Hive',
  prefix: '/hive',
  root: '/bees/',
  keys: { name: 'hive', prefix: 'hv_', scopes: ['read', 'write'], most: 3 },
  tokens: true,
  description: 'Agents are bees.',
  routes,
  sockets: [buzz],
  errorBody: z.object({ fault: z.string() }),
  renderError: ({ message }) => ({ fault: message }),
  words: { fields: { name: 'title', managerId: 'queen' }, missing: { agent: 'That bee flew away' } },
  statuses: { LIMIT_REACHED: 402 },
  tags: { bees: 'Who works', hive: 'Where they live' },
  limits: [{ id: 'hive', requests: 20, windowMs: minute, by: 'credential' }]
}
