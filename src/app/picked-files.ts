/** Files that the user chose: from a picker, an input or a drop. Their paths begin with the chosen folder's name. */
import type { ModelResult } from '#core/model/failure'
import { isIgnoredFile, isIgnoredFolder } from '#core/model/ignored-files'
import { failure, success } from '#core/result'
import type { NamedFile } from '#worker/model-api'

/** The File System Access API, as far as it is used here; TypeScript's DOM types lack it. */
interface FolderPicker {
  showDirectoryPicker?: (options: {
    id?: string
    mode?: 'read' | 'readwrite'
  }) => Promise<FileSystemDirectoryHandle>
}

/** Whether this browser has a folder picker that can also write; without it, an input with `webkitdirectory` reads. */
export function canPickFolder(): boolean {
  return (window as FolderPicker).showDirectoryPicker !== undefined
}

/**
 * A folder of the user's; null when the user chose none or did not allow it. Call it in the handler of a click.
 */
export async function pickFolder(mode: 'read' | 'readwrite'): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await (window as FolderPicker).showDirectoryPicker?.({ id: 'models', mode })) ?? null
  } catch (error) {
    const declined = error instanceof DOMException && ['AbortError', 'NotAllowedError'].includes(error.name)
    if (declined) return null
    throw error
  }
}

/** A model has a few hundred files at most; a folder with more is not one, and reading all of it could take minutes. */
export const MOST_PICKED_FILES = 2_000
/** Deeper than any model lies on a stick. */
export const DEEPEST_PICKED_FOLDER = 8

/** All files below a folder, without what systems and tools leave there. */
export function filesBelow(folder: FileSystemDirectoryHandle): Promise<ModelResult<NamedFile[]>> {
  return gather(folder.name, (add) => collect(folder, `${folder.name}/`, 1, add))
}

/** What an `<input type="file">` holds, with or without `webkitdirectory`. */
export function inputFiles(list: FileList | readonly File[] | null): ModelResult<NamedFile[]> {
  const files = [...(list ?? [])]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !isIgnoredFile(path))
  const [first] = files
  return first && files.length > MOST_PICKED_FILES ? tooMany(first.path) : success(files)
}

/** What was dropped: files and folders. Call it in the handler of the drop: its data is gone afterwards. */
export async function droppedFiles(data: DataTransfer): Promise<ModelResult<NamedFile[]>> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return inputFiles(data.files)
  return gather(entries.map(({ name }) => name).join(', '), async (add) => {
    for (const entry of entries) await collectEntry(entry, '', 1, add)
  })
}

class TooMany extends Error {}

/** A stick that is pulled out while its folder is being read must not leave the page without a word. */
async function gather(
  path: string,
  work: (add: (file: NamedFile) => void) => Promise<void>,
): Promise<ModelResult<NamedFile[]>> {
  const files: NamedFile[] = []
  try {
    await work((file) => {
      if (files.length >= MOST_PICKED_FILES) throw new TooMany()
      files.push(file)
    })
    return success(files)
  } catch (error) {
    if (error instanceof TooMany) return tooMany(path)
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return failure({ kind: 'file-unreadable', path, detail })
  }
}

/** A part of a folder would look like a model that lacks files. */
function tooMany(path: string): ModelResult<never> {
  const [folder = path] = path.split('/')
  return failure({ kind: 'too-many-files', folder, limit: MOST_PICKED_FILES })
}

async function collect(
  folder: FileSystemDirectoryHandle,
  prefix: string,
  depth: number,
  add: (file: NamedFile) => void,
): Promise<void> {
  for await (const entry of folder.values()) {
    const path = prefix + entry.name
    if (entry.kind === 'directory') {
      if (depth < DEEPEST_PICKED_FOLDER && !isIgnoredFolder(entry.name)) {
        await collect(entry, `${path}/`, depth + 1, add)
      }
    } else if (!isIgnoredFile(path)) {
      add({ path, file: await entry.getFile() })
    }
  }
}

async function collectEntry(
  entry: FileSystemEntry,
  prefix: string,
  depth: number,
  add: (file: NamedFile) => void,
): Promise<void> {
  const path = prefix + entry.name
  if (entry.isFile) {
    if (isIgnoredFile(path)) return
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    add({ path, file })
    return
  }
  if (depth > DEEPEST_PICKED_FOLDER || isIgnoredFolder(entry.name)) return
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const read = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
  // It gives at most a hundred at a time.
  for (let batch = await read(); batch.length > 0; batch = await read()) {
    for (const child of batch) await collectEntry(child, `${path}/`, depth + 1, add)
  }
}
