import type { NamedFile } from '#worker/model-api'

type Content = Uint8Array<ArrayBuffer> | string

/** Files as a person chooses them, each below `folder`. */
export function namedFiles(contents: Iterable<readonly [string, Content]>, folder = ''): NamedFile[] {
  return [...contents].map(([path, content]) => ({
    path: folder + path,
    file: new File([content], path.slice(path.lastIndexOf('/') + 1)),
  }))
}

/** A file whose disk was pulled out: its size is known, its bytes cannot be read. */
export function unreadable(name: string, bytes: number): File {
  const file = new File([new Uint8Array(bytes)], name)
  const slice = file.slice.bind(file)
  const broken = (blob: Blob) =>
    Object.defineProperty(blob, 'arrayBuffer', {
      value: () => Promise.reject(new DOMException('gone', 'NotReadableError')),
    })
  Object.defineProperty(file, 'slice', { value: (from: number, to: number) => broken(slice(from, to)) })
  return broken(file) as File
}
