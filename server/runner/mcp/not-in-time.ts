/** The server was given up before it answered. */
export class NotInTime extends Error {
  override name = 'NotInTime'

  constructor(message = 'It did not answer in time') {
    super(message)
  }
}
