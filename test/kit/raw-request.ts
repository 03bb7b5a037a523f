import { request } from 'node:http'
import { connect } from 'node:net'

export interface RawRequest {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface RawAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** fetch refuses to send a Host, an Origin or a Cookie of one's choice. */
export function sendRaw(url: string, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: new URL(url).port, method, path, headers }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject).end(body)
  })
}

/** What comes back to these bytes until the server closes; they must ask it to, unless it does so by itself. */
export function sendBytes(url: string, lines: readonly string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let got = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(lines.join('\r\n')))
    socket.setEncoding('utf8').on('data', chunk => {
      got += chunk
    })
    socket.on('error', reject).on('close', () => {
      const [head = '', ...rest] = got.split('\r\n\r\n')
      const [first = '', ...fields] = head.split('\r\n')
      resolve({
        status: Number(first.split(' ')[1]),
        headers: Object.fromEntries(
          fields.map(field => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)])
        ),
        text: rest.join('\r\n\r\n')
      })
    })
  })
}
