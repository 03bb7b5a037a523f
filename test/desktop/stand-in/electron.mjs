// Some libraries import the whole module by default.
import * as everything from './electron.ts'

export * from './electron.ts'
export default everything
