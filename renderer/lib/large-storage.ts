/** As `storage`, for what is too large for it: one store of values by name. Blocked or full, it remembers nothing. */
const database = 'flotilla'
const store = 'large'

/** All that is remembered, by name. */
export async function rememberedLarge<T>(): Promise<Record<string, T>> {
  try {
    const values = (await opened()).transaction(store).objectStore(store)
    const [names, all] = await Promise.all([answer(values.getAllKeys()), answer(values.getAll())])
    return Object.fromEntries(names.map((name, index) => [String(name), all[index] as T]))
  } catch {
    return {}
  }
}

/** Null: forgets it. */
export async function rememberLarge(name: string, value: unknown): Promise<void> {
  try {
    const values = (await opened()).transaction(store, 'readwrite').objectStore(store)
    if (value === null) await answer(values.delete(name))
    else await answer(values.put(value, name))
  } catch {
    // Not remembered: the page goes on with what it has.
  }
}

let open: Promise<IDBDatabase> | null = null

function opened(): Promise<IDBDatabase> {
  if (open === null) {
    const request = indexedDB.open(database, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store)
    open = answer(request)
  }
  return open
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
