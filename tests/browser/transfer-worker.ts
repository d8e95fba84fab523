/** A worker with the real private file system and the real network, driven by transfer.test.ts. */
import { expose } from 'comlink'
import type { StoredFile, StoredModelId } from '#core/model/stored'
import { ModelFiles, type FileSink } from '#data/model-files'
import { workerFetchPorts } from '#worker/models/fetch-ports'
import { transferFiles } from '#worker/models/transfer-files'

const files = new ModelFiles()
const ports = workerFetchPorts()
const never = new AbortController().signal
const sinks = new Map<string, FileSink>()

const driven = {
  /** Fetches the files; each body stands still for ever after `stopAfter` bytes. Gives records and requests. */
  async transfer(id: StoredModelId, wanted: readonly StoredFile[], stopAfter = Infinity) {
    const records = new Map(wanted.map((file) => [file.path, file]))
    const ranges: (string | null)[] = []
    const result = await transferFiles(
      { id, files: wanted, addressOf: (url) => url },
      {
        ...ports,
        wait: () => Promise.resolve(),
        async fetch(url, init) {
          ranges.push(new Headers(init.headers).get('range'))
          const response = await ports.fetch(url, init)
          return stopAfter === Infinity ? response : stalled(response, stopAfter)
        },
        files,
        availableBytes: () => Promise.resolve(null),
        onFile: (file) => Promise.resolve(void records.set(file.path, file)),
        onProgress: () => undefined,
      },
      never,
    )
    return { result, ranges, files: [...records.values()] }
  },
  /** Opens a file and keeps it open. */
  async open(id: StoredModelId, path: string) {
    const sink = await files.openSink(id, path)
    if (sink.ok) sinks.set(path, sink.value)
    return sink.ok ? ({ ok: true, size: sink.value.size } as const) : sink
  },
  append: (path: string, text: string) => sinks.get(path)?.append(new TextEncoder().encode(text)),
  truncate: (path: string, size: number) => sinks.get(path)?.truncate(size),
  read: (path: string, at: number, length: number) =>
    new TextDecoder().decode(sinks.get(path)?.read(at, length)),
  close: (path: string) => sinks.get(path)?.close(),
}
export type TransferWorker = typeof driven

function stalled(response: Response, stopAfter: number): Response {
  let seen = 0
  const body = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, controller) {
        controller.enqueue(chunk.subarray(0, Math.max(0, stopAfter - seen)))
        seen += chunk.length
        if (seen >= stopAfter) await new Promise(() => undefined)
      },
    }),
  )
  return new Response(body ?? null, response)
}

expose(driven)
