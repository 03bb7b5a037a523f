export const languages = ['curl', 'JavaScript', 'Python'] as const
export type Language = (typeof languages)[number]

/** A harmless first call of each API, below its base URL. */
const firstCalls: Readonly<Record<string, string>> = {
  native: '/agents',
  fleetrun: '/api/agents',
  agenfleet: '/api/agents',
  fleece: '/api/v1/agents',
  agentfleet: '/api/v1/runners'
}

interface Face {
  id: string
  baseUrl: string
}

export function hasExample({ id }: Pick<Face, 'id'>): boolean {
  return id in firstCalls
}

/** A call that works as it is pasted, where the variable FLOTILLA_KEY holds a key. */
export function exampleOf(language: Language, { id, baseUrl }: Face): string {
  const url = baseUrl + (firstCalls[id] ?? '')
  switch (language) {
    case 'curl':
      return `curl -fsS -H "Authorization: Bearer $FLOTILLA_KEY" "${url}"`
    case 'JavaScript':
      return [
        `const answer = await fetch('${url}', {`,
        `  headers: { Authorization: \`Bearer \${process.env.FLOTILLA_KEY}\` }`,
        '})',
        'if (!answer.ok) throw new Error(await answer.text())',
        'console.log(JSON.stringify(await answer.json(), null, 2))'
      ].join('\n')
    case 'Python':
      return [
        'import json, os, urllib.request',
        '',
        `request = urllib.request.Request("${url}")`,
        'request.add_header("Authorization", "Bearer " + os.environ["FLOTILLA_KEY"])',
        'with urllib.request.urlopen(request) as answer:',
        '    print(json.dumps(json.load(answer), indent=2))'
      ].join('\n')
  }
}
