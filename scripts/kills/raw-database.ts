/** The stores of the app's database with their keys, as they lie on the disk. */
export type RawDatabase = Record<string, { key: IDBValidKey; value: unknown }[]>

/** Runs in the page, so it stands alone. */
export async function reading(): Promise<RawDatabase> {
  const result = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('the database did not open'))
    })
  const database = await result(indexedDB.open('somnus'))
  const names = [...database.objectStoreNames]
  const transaction = database.transaction(names)
  const all = await Promise.all(
    names.map(async (name) => {
      const store = transaction.objectStore(name)
      const [keys, values] = await Promise.all([
        result(store.getAllKeys()),
        result<unknown[]>(store.getAll()),
      ])
      return [name, keys.map((key, index) => ({ key, value: values[index] }))] as const
    }),
  )
  database.close()
  return Object.fromEntries(all)
}
