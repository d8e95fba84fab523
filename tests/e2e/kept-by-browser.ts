/** What the browser keeps for the site, looked at from the page. */
import type { Page } from 'playwright'

/** SHA-256 of what lies in the private file system, by name. */
export function storedHashes(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const found: Record<string, string> = {}
    for await (const model of (await root.getDirectoryHandle('models')).values()) {
      for await (const [name, handle] of (model as FileSystemDirectoryHandle).entries()) {
        const bytes = await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer()
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
        found[name] = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
      }
    }
    return found
  })
}

/** Everything that the browser keeps for the site, as one text. */
export function everythingStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts: string[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie]
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name!)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error(name))
      })
      for (const store of database.objectStoreNames) {
        const request = database.transaction(store).objectStore(store)
        for (const call of ['getAll', 'getAllKeys'] as const) {
          const all = await new Promise<unknown>((resolve) => {
            const asked = request[call]()
            asked.onsuccess = () => resolve(asked.result)
          })
          texts.push(JSON.stringify(all))
        }
      }
      database.close()
    }
    for (const cache of await caches.keys()) {
      const requests = await (await caches.open(cache)).keys()
      for (const { url, headers } of requests) texts.push(url, JSON.stringify([...headers]))
    }
    const walk = async (at: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, handle] of at.entries()) {
        texts.push(name)
        if (handle.kind === 'directory') await walk(handle)
        else if ((await handle.getFile()).size < 1_000_000) texts.push(await (await handle.getFile()).text())
      }
    }
    await walk(await navigator.storage.getDirectory())
    return texts.join('\n')
  })
}
