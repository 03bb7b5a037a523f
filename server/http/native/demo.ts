import { plantDemo, removeDemo } from '#contract/demo'
import * as demo from '../../domain/demo/demo.ts'
import { type Route, write } from '../for-faces.ts'

export function demoRoutes(): Route[] {
  return [
    write(plantDemo, ({ domain }) => demo.plantDemo(domain)),
    write(removeDemo, ({ domain }) => demo.removeDemo(domain))
  ]
}
