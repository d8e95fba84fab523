/** Folders and files as a person chooses them, over the browser's own file system. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DEEPEST_PICKED_FOLDER,
  droppedFiles,
  filesBelow,
  inputFiles,
  MOST_PICKED_FILES,
} from '#app/picked-files'
import type { ModelResult } from '#core/model/failure'
import type { NamedFile } from '#worker/model-api'

const NAME = 'picked-test'
let folder: FileSystemDirectoryHandle

beforeEach(async () => {
  folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(NAME, { create: true })
})
afterEach(async () => {
  await (await navigator.storage.getDirectory()).removeEntry(NAME, { recursive: true })
})

async function put(path: string, text = path): Promise<void> {
  const names = path.split('/')
  const name = names.pop() as string
  let inside = folder
  for (const each of names) inside = await inside.getDirectoryHandle(each, { create: true })
  const stream = await (await inside.getFileHandle(name, { create: true })).createWritable()
  await stream.write(text)
  await stream.close()
}

function pathsOf(picked: ModelResult<NamedFile[]>): string[] {
  if (!picked.ok) throw new Error(JSON.stringify(picked.failure))
  return picked.value.map(({ path }) => path).toSorted()
}

describe('a folder from the picker', () => {
  it('gives its files by path, with content, without what systems leave', async () => {
    for (const path of ['a.json', 'sub/b.bin', '.DS_Store', '._a.json', '.git/config', '.cache/x.bin']) {
      await put(path)
    }
    const picked = await filesBelow(folder)
    expect(pathsOf(picked)).toEqual([`${NAME}/a.json`, `${NAME}/sub/b.bin`])
    const file = picked.ok ? picked.value.find(({ path }) => path.endsWith('b.bin'))?.file : undefined
    expect(await file?.text()).toBe('sub/b.bin')
  })

  it('is not searched without end', async () => {
    await put(`${'deep/'.repeat(DEEPEST_PICKED_FOLDER - 1)}kept`)
    await put(`${'deep/'.repeat(DEEPEST_PICKED_FOLDER)}lost`)
    expect(pathsOf(await filesBelow(folder))).toEqual([
      `${NAME}/${'deep/'.repeat(DEEPEST_PICKED_FOLDER - 1)}kept`,
    ])
  })

  it('that goes away while it is read is told', async () => {
    const gone = await folder.getDirectoryHandle('gone', { create: true })
    await folder.removeEntry('gone')
    expect(await filesBelow(gone)).toMatchObject({ failure: { kind: 'file-unreadable', path: 'gone' } })
  })
})

describe('the files of an input', () => {
  const withPath = (path: string) =>
    Object.defineProperty(new File(['x'], path.split('/').at(-1) ?? ''), 'webkitRelativePath', {
      value: path,
    })

  it('keep the paths of a chosen folder', () => {
    const files = ['m/a.json', 'm/sub/b.bin', 'm/.DS_Store', '__MACOSX/m/a.json'].map(withPath)
    expect(pathsOf(inputFiles(files))).toEqual(['m/a.json', 'm/sub/b.bin'])
    expect(pathsOf(inputFiles([new File(['x'], 'a.gguf')]))).toEqual(['a.gguf'])
    expect(inputFiles(null)).toEqual({ ok: true, value: [] })
  })

  it('are refused where they are too many to be a model, and never cut', () => {
    const files = Array.from({ length: MOST_PICKED_FILES + 1 }, (_, index) => withPath(`big/${index}`))
    expect(inputFiles(files)).toMatchObject({ failure: { kind: 'too-many-files', folder: 'big' } })
    expect(pathsOf(inputFiles(files.slice(1)))).toHaveLength(MOST_PICKED_FILES)
  })
})

describe('what is dropped', () => {
  it('single files arrive', async () => {
    const data = new DataTransfer()
    data.items.add(new File(['x'], 'a.gguf'))
    data.items.add(new File(['x'], '.DS_Store'))
    expect(pathsOf(await droppedFiles(data))).toEqual(['a.gguf'])
  })

  it('folders are read in batches, to their end', async () => {
    const file = (name: string) => ({
      isFile: true,
      name,
      file: (resolve: (file: File) => void) => resolve(new File(['x'], name)),
    })
    const batches = [[file('0'), file('1')], [file('2'), { ...file('.DS_Store') }], []]
    const readEntries = (resolve: (entries: object[]) => void) => resolve(batches.shift() ?? [])
    const entry = { isFile: false, name: 'model', createReader: () => ({ readEntries }) }
    const data = { items: [{ webkitGetAsEntry: () => entry }] } as unknown as DataTransfer
    expect(pathsOf(await droppedFiles(data))).toEqual(['model/0', 'model/1', 'model/2'])
  })
})
