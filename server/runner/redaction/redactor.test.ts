import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { significant } from '#contract/fleet/handed-values'
import { createRedactor, type Redactor, redactorOf } from './redactor.ts'
import { isPassedOver } from './view.ts'

const key = 'sk-ant-0123456789'
const pem = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
  'MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu',
  'NMoSfm76oqFvAp8Gy0iz5s',
  '-----END PRIVATE KEY-----',
  ''
].join('\n')

const hiding = (secrets: Record<string, string>): Redactor => createRedactor({ secrets })

describe('a value is hidden', () => {
  const quoted = 'he said "a\\b" & left/right+é'
  test.each([
    ['as it is', key, `x ${key} y`],
    ['as JSON has it', quoted, JSON.stringify(quoted)],
    ['escaped twice', quoted, JSON.stringify(JSON.stringify({ quoted }))],
    [
      'escaped four times, with lines',
      'first line\nsecond "line"',
      [1, 2, 3, 4].reduce(text => JSON.stringify(text), 'first line\nsecond "line"')
    ],
    ['as Python writes JSON', 'grün-weiß-blau', '{"k": "gr\\u00fcn-wei\\u00df-blau"}'],
    ['as .NET writes JSON', 'a+b/c"d&e', '"a\\u002Bb/c\\u0022d\\u0026e"'],
    ['as Python shows bytes', 'grün-weiß-blau', "b'gr\\xc3\\xbcn-wei\\xc3\\x9f-blau'"],
    ['in an address', quoted, `https://host/?q=${encodeURIComponent(quoted)}&r=1`],
    ['in an address, lower case', 'pa/ss?wo:rd', 'pa%2fss%3fwo%3ard'],
    ['in a form', 'my pass+word ü', `a=${new URLSearchParams({ v: 'my pass+word ü' })}`],
    ['in HTML', 'a<b>&"c"\'d', '<p>a&lt;b&gt;&amp;&quot;c&quot;&#39;d</p>'],
    ['in base64', key, Buffer.from(key).toString('base64')],
    ['in base64 after a name', key, Buffer.from(`user:${key}`).toString('base64')],
    ['in base64 among others', key, Buffer.from(`{"k":"${key}"}`).toString('base64url')],
    ['without the line feed at its end', `${key}\n`, `key=${key}; echo`],
    ['with CRLF where it has LF', 'user one\npass two', 'user one\r\npass two'],
    ['indented', 'user one\npass two', '    user one\n    pass two'],
    ['of several lines as JSON has it with CRLF', 'user one\npass two', '"user one\\r\\npass two"']
  ])('%s', (_, value, text) => {
    const shown = hiding({ NAME: value }).text(text)
    expect(shown).toContain('[redacted NAME]')
    expect(significant(shown)).not.toContain(significant(value).slice(0, 6))
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('in base64 after %i bytes', before => {
    const text = Buffer.from(`${'x'.repeat(before)}${key}${'y'.repeat(before)}`).toString('base64')
    const shown = hiding({ NAME: key }).text(text)
    expect(Buffer.from(shown.replace('[redacted NAME]', ''), 'base64').toString()).not.toContain('0123')
    expect(shown).toContain('[redacted NAME]')
  })

  test('line by line, of a key in a file, in whatever order and with numbers before them', () => {
    const lines = pem.trim().split('\n').slice(1, -1)
    for (const line of lines) {
      expect(hiding({ PEM: pem }).text(line)).toBe('[redacted PEM]')
      expect(hiding({ PEM: pem }).text(`   12\t${line}\r`)).toBe('   12\t[redacted PEM]\r')
      expect(hiding({ PEM: pem }).text(`+${line}`)).toBe('+[redacted PEM]')
    }
    expect(hiding({ PEM: pem }).text('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----')
  })

  test('whole, of a key in a file, once and twice escaped', () => {
    for (const text of [pem, JSON.stringify(pem), JSON.stringify(JSON.stringify(pem)), pem.replaceAll('\n', '\r\n')])
      expect(hiding({ PEM: pem }).text(`a ${text} b`)).toMatch(/^a \W*\[redacted PEM\](\s|\\|n|r|")* b$/)
  })

  test.each([64, 76])('in base64 with %i columns, each line by itself', columns => {
    const text = Buffer.from(pem).toString('base64')
    for (const line of text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [])
      expect(hiding({ PEM: pem }).text(line)).toMatch(/^\[redacted PEM\]=*$/)
  })

  test('in part, where it is long', () => {
    const long = Array.from({ length: 400 }, (_, n) => ((n * 7919) % 9973).toString(36)).join('')
    for (let at = 0; at + 64 <= long.length; at += 13)
      expect(hiding({ LONG: long }).text(`<${long.slice(at, at + 64)}>`)).toBe('<[redacted LONG]>')
  })

  test('whole where it has another one in it, or begins with it, or overlaps it', () => {
    const redactor = hiding({ SHORT: 'abcdefgh', LONG: 'abcdefgh-ijkl', NEXT: 'ijkl-mnop' })
    expect(redactor.text('abcdefgh-ijkl')).toBe('[redacted LONG]')
    expect(redactor.text('abcdefgh-ijkl-mnop')).toBe('[redacted LONG]')
    expect(redactor.text('abcdefgh, ijkl-mnop')).toBe('[redacted SHORT], [redacted NEXT]')
  })

  test('also where two long ones begin alike', () => {
    const head = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.'
    const tokens = { ONE: `${head}dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P`, TWO: `${head}XbPfbIHMI6arZ3Y922BhjWgQzWXcXNrz0` }
    const redactor = hiding(tokens)
    expect(redactor.text(tokens.TWO)).toMatch(/^\[redacted (ONE|TWO)\]$/)
    expect(redactor.text('eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.')).toContain('eyJ')
  })
})

describe('is left alone', () => {
  test('what is too short, and what only looks alike', () => {
    expect(hiding({ SHORT: 'abc', LINES: 'a b\nc d' }).text('abc a b c d')).toBe('abc a b c d')
    expect(hiding({ KEY: key }).text('sk-ant-012345678')).toBe('sk-ant-012345678')
  })

  test('the folder of the run, also where a secret is a part of it', () => {
    const redactor = createRedactor({ secrets: { NAME: 'flotilla' }, folder: '/home/me/flotilla-app' })
    expect(redactor.text('in /home/me/flotilla-app/src: flotilla')).toBe(
      'in /home/me/flotilla-app/src: [redacted NAME]'
    )
    expect(createRedactor({ secrets: { W: '/home/me/work' }, folder: '/home/me/work' }).text('cd /home/me/work')).toBe(
      'cd /home/me/work'
    )
  })
})

describe('of an environment', () => {
  const shown = (name: string, value: string) =>
    createRedactor({ environment: { [name]: value } }).text(`<${value}>`) === `<${value}>`

  test.each([
    ['ANTHROPIC_API_KEY', key],
    ['githubToken', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['PGPASSWORD', 'tr0ub4dor&3'],
    ['AWS_SECRET_ACCESS_KEY', '/K7MDENG/bPxRfiCYEXAMPLEKEY/wJalrXUtnFEMI+q'],
    ['MAIL_PASSWORD', 'abcd efgh ijkl mnop'],
    ['WIKI_PASSWORD', 'three-plain-words'],
    ['NODE_TOKEN', 'aBcDeFgHiJkL'],
    ['SLACK_TOKEN_URL', 'https://hooks.example.com/services/T00000000/B00000000/XXXXXXXXXXXX1234XXXXXXXX'],
    ['REDIS_KEY_URL', 'redis://me:pa55word-x9@host/0']
  ])('%s is hidden', (name, value) => expect(shown(name, value)).toBe(false))

  test.each([
    ['KEYCLOAK_URL', 'https://login.example.com/realms/main'],
    ['MONKEY_BUSINESS', 'sk-ant-0123456789'],
    ['TOKENIZERS_PARALLELISM', 'falsefalse1'],
    ['PASSWORD_STORE_DIR', '/home/somebody/.password-store'],
    ['SSH_KEY_PATH', '~/.ssh/id_ed25519'],
    ['KEY_FILE', 'config/server.key'],
    ['DB_PASSWORD', 'password'],
    ['SECRET_NAME', 'production-database'],
    ['KEY_REGION', 'eu-central-1'],
    ['MAX_TOKENS', '100000000'],
    ['AUTH_TOKEN_URL', 'https://id.example.com/oauth/token'],
    ['MYSQL_PWD', '/var/lib/mysql'],
    ['HOME', '/home/somebody']
  ])('%s is left alone', (name, value) => expect(shown(name, value)).toBe(true))

  test('a password in an address is hidden under any name, the rest of the address is not', () => {
    const redactor = createRedactor({ environment: { DATABASE_URL: 'postgres://app:s3cr3t%2Fpassw0rd@db/main' } })
    expect(redactor.text('postgres://app:s3cr3t%2Fpassw0rd@db/main')).toBe(
      'postgres://app:[redacted DATABASE_URL]@db/main'
    )
    expect(redactor.text('s3cr3t/passw0rd')).toBe('[redacted DATABASE_URL]')
  })

  test('a variable of an MCP server is hidden unless it is nothing secret', () => {
    const redactor = createRedactor({ variables: { 'x MODE': 'production', 'x ID': key } })
    expect(redactor.text(`production ${key}`)).toBe('production [redacted x ID]')
  })
})

describe('a fault', () => {
  const broken = redactorOf({
    spans: () => {
      throw new Error(`bad ${key}`)
    },
    decided: () => {
      throw new Error('worse')
    }
  })

  test('lets nothing through and does not get out', () => {
    expect(broken.text(key)).toMatch(/^\[not shown/)
    expect(broken.stream().push(key)).toMatch(/^\[not shown/)
  })
})

const value = fc.oneof(
  fc.string({ minLength: 8, maxLength: 40 }),
  fc.string({ minLength: 8, maxLength: 300, unit: 'binary' }).map(text => text.toWellFormed()),
  fc.string({ minLength: 8, maxLength: 200, unit: fc.constantFrom('a', 'b', '\\', 'n', '"', '\n', ' ') }),
  fc.array(fc.string({ minLength: 3, maxLength: 70 }), { minLength: 2, maxLength: 5 }).map(lines => lines.join('\n'))
)
const hidable = value.filter(text => significant(text).length >= 8)
const around = fc.string({ maxLength: 60 })
/** Shares no character with what stands around it. */
const foreign = fc
  .string({ minLength: 8, maxLength: 300, unit: fc.constantFrom('a', 'b', 'c', '\\', '"', '\n', ' ', '/', 'é') })
  .filter(text => significant(text).length >= 8)
const elsewhere = fc.string({ maxLength: 100, unit: fc.constantFrom('x', 'y', '1', ' ', '\n', '.') })

describe('whatever the values are', () => {
  test('each is hidden wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(hidable, { minLength: 1, maxLength: 5 }), around, around, (values, before, after) => {
        const redactor = hiding(Object.fromEntries(values.map((text, n) => [`N${n}`, text])))
        for (const secret of values) {
          const shown = significant(redactor.text(before + secret + after).replaceAll(/\[redacted \w+\]/g, '\uffff'))
          expect(shown.length).toBeLessThanOrEqual(significant(before + after).length + 2)
        }
      }),
      { numRuns: 300 }
    )
  })

  test('nothing of it stays, and nothing else goes, in one piece and in many', () => {
    fc.assert(
      fc.property(foreign, elsewhere, elsewhere, fc.integer({ min: 1, max: 50 }), (secret, before, more, size) => {
        // What ends so is in no form of a value.
        const after = `${more}!`
        const expected = significant(`${before}[redacted N]${after}`)
        const text = before + secret + after
        expect(significant(hiding({ N: secret }).text(text))).toBe(expected)
        const stream = hiding({ N: secret }).stream()
        let shown = ''
        for (let at = 0; at < text.length; at += size) shown += stream.push(text.slice(at, at + size))
        expect(significant(shown)).toBe(expected)
      }),
      { numRuns: 500 }
    )
  })

  test('escaped any number of times', () => {
    fc.assert(
      fc.property(hidable, fc.integer({ min: 1, max: 3 }), (secret, times) => {
        let text = secret
        for (let n = 0; n < times; n++) text = JSON.stringify(text)
        expect(hiding({ N: secret }).text(text)).toContain('[redacted N]')
      })
    )
  })

  test('encoded for an address, in base64 after any bytes', () => {
    fc.assert(
      fc.property(hidable, fc.uint8Array({ maxLength: 5 }), (secret, before) => {
        const redactor = hiding({ N: secret })
        expect(redactor.text(`?q=${encodeURIComponent(secret.toWellFormed())}&x`)).toContain('[redacted N]')
        if (Buffer.byteLength(secret.trim()) < 9) return
        const bytes = Buffer.concat([before, Buffer.from(secret.trim()), before])
        expect(redactor.text(bytes.toString('base64'))).toContain('[redacted N]')
      })
    )
  })

  test('a stream tells none of them, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(hidable, { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(around, fc.constantFrom(0, 1, 2)), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        (values, parts, cuts) => {
          const text = parts.map(part => (typeof part === 'number' ? (values[part] ?? '') : part)).join('')
          const redactor = hiding(Object.fromEntries(values.map((secret, n) => [`N${n}`, secret])))
          const stream = redactor.stream()
          let shown = ''
          for (let at = 0, n = 0; at < text.length; n++) {
            const size = cuts[n % cuts.length] ?? 1
            shown += stream.push(text.slice(at, at + size))
            at += size
          }
          for (const secret of values)
            if (!significant(redactor.text(text)).includes(significant(secret)))
              expect(significant(shown)).not.toContain(significant(secret))
        }
      ),
      { numRuns: 500 }
    )
  })

  test('text without any of them is left as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('x', 'y', ' ', '\\', '%', '"', '\n'), maxLength: 300 }), text => {
        expect(hiding({ A: 'abcdefgh', B: pem }).text(text)).toBe(text)
        const stream = hiding({ A: 'abcdefgh', B: pem }).stream()
        expect(text.startsWith(stream.push(text))).toBe(true)
      })
    )
  })
})

describe('the work is linear: each of these would take many minutes otherwise', () => {
  const size = 100_000
  test.each([
    ['one of 128 KiB that nearly stands there again and again', { A: `${'a'.repeat(131_000)}b` }, 'a'.repeat(size)],
    ['one that repeats itself', { A: 'ab'.repeat(60_000) }, 'ab'.repeat(size / 2)],
    ['thousands that begin alike', alike(5000), 'sk-ant-api03-'.repeat(size / 13)],
    ['hundreds of all lengths that begin alike', ofAllLengths(), 'aaaaaaaa'.repeat(size / 8)],
    ['half a megabyte of them', alike(50, 10_000), Buffer.alloc(size, 'no such thing ').toString()],
    ['escapes alone', { A: key }, '%41\\u0041&amp;\\n'.repeat(size / 17)]
  ])('%s', (_, secrets, text) => {
    const redactor = hiding(secrets)
    expect(redactor.text(text).length).toBeLessThanOrEqual(size)
    const stream = redactor.stream()
    for (let at = 0; at < text.length; at += 1000) stream.push(text.slice(at, at + 1000))
    expect(redactor.text(`${text} ${Object.values(secrets)[0]}`)).toContain('[redacted')
  })
})

function alike(count: number, more = 30): Record<string, string> {
  const values = Array.from({ length: count }, (_, n) => `sk-ant-api03-${n}-${'z'.repeat(more)}`)
  return Object.fromEntries(values.map((text, n) => [`N${n}`, text]))
}

function ofAllLengths(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`N${n}`, `${'a'.repeat(8 + n)}!`]))
}

test('what is passed over is the same at the door and in the runner', () => {
  for (let code = 0; code < 256; code++)
    expect([code, significant(String.fromCharCode(code)) === '']).toEqual([code, isPassedOver(code)])
})
