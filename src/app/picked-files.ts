/** Files that the user chose: from a picker, an input or a drop. Their paths begin with the chosen folder's name. */
import type { ModelResult } from '#core/model/failure'
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

/** All files below a folder, as far as `MOST_PICKED_FILES` go. */
export function filesBelow(folder: FileSystemDirectoryHandle): Promise<ModelResult<NamedFile[]>> {
  return gather(folder.name, (files) => collect(folder, `${folder.name}/`, files))
}

/** A stick that is pulled out while its folder is being read must not leave the page without a word. */
async function gather(
  path: string,
  work: (files: NamedFile[]) => Promise<void>,
): Promise<ModelResult<NamedFile[]>> {
  const files: NamedFile[] = []
  try {
    await work(files)
    return success(files)
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return failure({ kind: 'file-unreadable', path, detail })
  }
}

async function collect(folder: FileSystemDirectoryHandle, prefix: string, files: NamedFile[]): Promise<void> {
  for await (const entry of folder.values()) {
    if (files.length >= MOST_PICKED_FILES) return
    if (isJunk(entry.name)) continue
    if (entry.kind === 'directory') {
      await collect(entry as FileSystemDirectoryHandle, `${prefix}${entry.name}/`, files)
    } else {
      files.push({ path: prefix + entry.name, file: await (entry as FileSystemFileHandle).getFile() })
    }
  }
}

/** What an `<input type="file">` holds, with or without `webkitdirectory`. */
export function inputFiles(list: FileList | null): NamedFile[] {
  return [...(list ?? [])]
    .filter(({ name }) => !isJunk(name))
    .slice(0, MOST_PICKED_FILES)
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/** What was dropped: files and folders. Call it in the handler of the drop: its data is gone afterwards. */
export async function droppedFiles(data: DataTransfer): Promise<ModelResult<NamedFile[]>> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return success(inputFiles(data.files))
  return gather(entries.map(({ name }) => name).join(', '), async (files) => {
    for (const entry of entries) await collectEntry(entry, '', files)
  })
}

async function collectEntry(entry: FileSystemEntry, prefix: string, files: NamedFile[]): Promise<void> {
  if (files.length >= MOST_PICKED_FILES || isJunk(entry.name)) return
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    files.push({ path: prefix + entry.name, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const read = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
  // It gives at most a hundred at a time.
  for (let batch = await read(); batch.length > 0; batch = await read()) {
    for (const child of batch) await collectEntry(child, `${prefix}${entry.name}/`, files)
  }
}

/** What systems leave beside files; no model has it. */
function isJunk(name: string): boolean {
  return name === '.DS_Store' || name === 'Thumbs.db' || name === 'desktop.ini' || name.startsWith('._')
}
