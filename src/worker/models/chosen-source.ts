/** A checkpoint in files that a person chose. */
import type { CheckpointFile, CheckpointSource } from '#core/convert/source'
import type { ModelResult } from '#core/model/failure'
import { fileInvalid } from '#core/model/parse-file'
import { failure, success } from '#core/result'
import { readBytes } from './import-read'

/** @param files by their path below the checkpoint's folder */
export function chosenSource(files: ReadonlyMap<string, File>): ChosenSource {
  return new ChosenSource(files)
}

export class ChosenSource implements CheckpointSource {
  /** Other threads can read them as well. */
  readonly chosen: ReadonlyMap<string, File>

  constructor(chosen: ReadonlyMap<string, File>) {
    this.chosen = chosen
  }

  files(): Promise<ModelResult<CheckpointFile[]>> {
    return Promise.resolve(success([...this.chosen].map(([path, { size }]) => ({ path, bytes: size }))))
  }

  async read(path: string, begin: number, end: number): Promise<ModelResult<Uint8Array<ArrayBuffer>>> {
    const file = this.chosen.get(path)
    if (!file) return failure({ kind: 'checkpoint-incomplete', missing: [path] })
    if (end > file.size)
      return failure({ kind: 'wrong-size', path, url: null, expectedBytes: end, actualBytes: file.size })
    return readBytes(path, file.slice(begin, end))
  }

  async readText(path: string, begin: number, end: number): Promise<ModelResult<string>> {
    const bytes = await this.read(path, begin, end)
    if (!bytes.ok) return bytes
    try {
      return success(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value))
    } catch {
      return failure(fileInvalid(path, null, 'UTF-8'))
    }
  }
}
