import type { AddressInfo } from 'node:net'

// The cheapest way to it: imported, the module would load all of fetch too.
const { createServer } = process.getBuiltinModule('node:http')

/** The least that answers HTTP. */
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 15 })
  response.end('{"status":"ok"}')
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.on('SIGTERM', () => process.exit(0))
