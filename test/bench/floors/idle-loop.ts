/** Does nothing, so that what the machine does to a loop can be seen beside ours; see loop-probe.ts. */
console.log('http://127.0.0.1:0')
setInterval(() => {}, 1000)
process.on('SIGTERM', () => process.exit(0))
