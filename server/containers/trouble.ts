import type { EngineTrouble } from '#contract/runners/engines'
import type { EngineFault } from './fault.ts'
import type { Candidate } from './finding.ts'

type Named = Pick<Candidate, 'name' | 'address' | 'foundBy'>
type Way = Pick<EngineTrouble, 'message' | 'wayOut'> & { command?: string | null }

/** A fault in words for a person, and what to do about it on this system. */
export function troubleOf(fault: EngineFault, where: Named, platform: NodeJS.Platform): EngineTrouble {
  const { command = null, ...words } = wayOutOf(fault, where, platform)
  return { code: fault.code, ...words, command }
}

function wayOutOf({ code, message: detail }: EngineFault, where: Named, platform: NodeJS.Platform): Way {
  const { address, name } = where
  switch (code) {
    case 'NOT_THERE':
      return { message: `There is no container engine at ${address}`, ...howToStart(where, platform, true) }
    case 'NOT_ANSWERING':
      return {
        message: detail
          ? `The engine at ${address} does not answer: ${detail}`
          : `The engine at ${address} does not answer`,
        ...howToStart(where, platform, false)
      }
    case 'LOST':
      return { message: `The engine at ${address} has gone`, ...howToStart(where, platform, false) }
    case 'NOT_ALLOWED':
      return {
        message: `This user may not use the engine at ${address}`,
        wayOut:
          platform === 'linux'
            ? 'Add yourself to the group docker, then log out and in again. Whoever is in it can do on this computer what root can; Podman and Docker without root need no group.'
            : 'Give this user the right to use it, in the settings of your container engine.',
        command: platform === 'linux' ? 'sudo usermod -aG docker "$USER"' : null
      }
    case 'NOT_AN_ENGINE':
      return {
        message: `What answers at ${address} is no container engine`,
        wayOut: `${origin(where)} leads to another program. Correct it, then start Flotilla again.`
      }
    case 'BAD_ADDRESS':
      return { message: `${origin(where)} cannot be used: ${detail}`, wayOut: 'Correct it, then start Flotilla again.' }
    case 'NO_CONTEXT':
      return {
        message: `The docker context ${name} is in use and is not there`,
        wayOut: 'Choose another one, or make it again.',
        command: 'docker context use default'
      }
    case 'NOT_SUPPORTED':
      return {
        message: `${origin(where)} leads over ssh, which Flotilla does not do by itself`,
        wayOut: 'Bring the socket here with ssh, set DOCKER_HOST to it, then start Flotilla again.',
        command: 'ssh -NL /tmp/docker.sock:/var/run/docker.sock user@host'
      }
    case 'NOT_TRUSTED':
      return {
        message: `The certificates of ${address} and of this computer do not fit together: ${detail}`,
        wayOut: 'Look whether ca.pem, cert.pem and key.pem are those of this engine and still valid.'
      }
    default:
      return code satisfies never
  }
}

/** What said that it is there. */
function origin({ foundBy, name }: Named): string {
  switch (foundBy) {
    case 'DOCKER_HOST':
      return 'DOCKER_HOST'
    case 'context':
      return `The docker context ${name}`
    case 'socket':
      return 'The usual address'
    default:
      return foundBy satisfies never
  }
}

function howToStart(where: Named, platform: NodeJS.Platform, install: boolean): Pick<Way, 'wayOut' | 'command'> {
  if (where.foundBy !== 'socket')
    return { wayOut: `Start the engine that ${origin(where).replace(/^The/, 'the')} leads to, or choose another one.` }
  if (platform !== 'linux')
    return {
      wayOut: install
        ? 'Install Docker Desktop or another engine and start it. It is found by itself.'
        : 'Start Docker Desktop, or whichever engine you use. It is found by itself.'
    }
  return {
    wayOut: install
      ? 'Start Docker, or install Docker or Podman. It is found by itself as soon as it runs.'
      : 'Start it again. It is found by itself as soon as it runs.',
    command: 'sudo systemctl start docker'
  }
}
