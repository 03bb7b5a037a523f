/** Where a control plane gives the program of a runner for another machine, whole in one file and without a credential. */
export const runnerProgramPath = '/agentfleet-runner.mjs'
