import { expect, test } from 'vitest'
import { ModelFiles } from '#data/model-files'
import type { StoredModelId } from '#core/model/stored'

/** A disk with room for `room` bytes that answers with `whenFull` instead of an exception. */
function diskOf(room: number, whenFull: number): FileSystemDirectoryHandle {
  let size = 0
  const handle = {
    getSize: () => size,
    write(bytes: Uint8Array) {
      if (size + bytes.length > room) {
        size = room
        return whenFull
      }
      size += bytes.length
      return bytes.length
    },
    close: () => undefined,
  }
  const folder = {
    getDirectoryHandle: () => Promise.resolve(folder),
    getFileHandle: () => Promise.resolve({ createSyncAccessHandle: () => Promise.resolve(handle) }),
  }
  return folder as unknown as FileSystemDirectoryHandle
}

test.each([
  ['nothing', 0],
  ['an error without its sign, as in private windows of Chromium', 2 ** 32 - 8],
])('a full disk that reports %s is told from bytes that were stored', async (_, whenFull) => {
  const files = new ModelFiles(() => Promise.resolve(diskOf(150, whenFull)))
  const sink = await files.openSink('own/full' as StoredModelId, 'model.gguf')
  if (!sink.ok) throw new Error(sink.failure.kind)
  expect(sink.value.append(new Uint8Array(100))).toEqual({ ok: true, value: undefined })
  const refused = sink.value.append(new Uint8Array(100))
  expect(refused).toMatchObject({ ok: false, failure: { kind: 'storage-full', neededBytes: 100 } })
  expect(sink.value.size).toBe(150)
})
