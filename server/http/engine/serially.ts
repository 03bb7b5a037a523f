/** Runs jobs of one name one after the other; those of other names do not wait for them. */
export function serialiser(): <Result>(name: string, job: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>()

  return (name, job) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(job)
    const settled = mine.then(
      () => undefined,
      () => undefined
    )
    last.set(name, settled)
    void settled.then(() => {
      if (last.get(name) === settled) last.delete(name)
    })
    return mine
  }
}
