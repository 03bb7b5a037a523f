import { getActivity } from '#contract/fleet/activity'
import { activity } from '../../../domain/fleet/activity.ts'
import { type Route, wait } from '../../for-faces.ts'

export function activityRoutes(): Route[] {
  return [wait(getActivity, ({ domain }) => activity(domain))]
}
