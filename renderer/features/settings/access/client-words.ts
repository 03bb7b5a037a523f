const programs: readonly [RegExp, string][] = [
  [/Electron\/(\d+)/, 'Desktop window'],
  [/Edg\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrom(?:e|ium)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari/, 'Safari']
]
const systems: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'macOS'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux']
]

/** What a browser calls itself, as a person would: Firefox 146 on macOS. Whatever is not known stands as it is. */
export function clientWords(client: string): string {
  if (client === '') return 'Unknown program'
  for (const [pattern, name] of programs) {
    const version = pattern.exec(client)?.[1]
    if (version === undefined) continue
    const system = systems.find(([found]) => found.test(client))?.[1]
    return `${name === 'Desktop window' ? name : `${name} ${version}`}${system ? ` on ${system}` : ''}`
  }
  return client.length > 60 ? `${client.slice(0, 60)}…` : client
}
