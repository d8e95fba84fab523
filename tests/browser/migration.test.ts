/** What an earlier version of the app stored must still be there after an update. */
import { openDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { ModelDatabase } from '#data/db/models'
import { Preferences } from '#data/db/preferences'
import { openDatabase } from '#data/db/schema'

let name: string
beforeEach(() => {
  name = `test-migration-${crypto.randomUUID()}`
})
afterEach(() => void indexedDB.deleteDatabase(name))

test('version 1 keeps its data and gets a store for models', async () => {
  const first = await openDB(name, 1, {
    upgrade(database) {
      for (const store of ['datasets', 'runs', 'conversations'])
        database.createObjectStore(store, { keyPath: 'id' })
      for (const store of ['datasetDetails', 'itemBlocks', 'runEvents', 'messages', 'preferences'])
        database.createObjectStore(store)
    },
  })
  await first.put('preferences', 'zh', 'language')
  await first.put('runs', { id: 'run', summary: { items: 3 }, removedAt: null })
  await first.put('runEvents', { kind: 'stopped' }, ['run', 0])
  first.close()

  const database = await openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, name)
  expect(await new Preferences(database).get('language')).toBe('zh')
  expect(await database.count('runs')).toBe(1)
  expect(await database.count('runEvents')).toBe(1)
  const models = new ModelDatabase(database)
  expect(await models.list()).toEqual([])
  await models.put({ id: 'own/a', addedAt: 1, files: [] as StoredModel['files'] } as StoredModel)
  expect(await models.list()).toHaveLength(1)
  expect(await models.update('own/none' as StoredModelId, (model) => model)).toBeUndefined()
  database.close()
})
