/** Where the user wants a file. */

interface SavePicker {
  showSaveFilePicker?: (options: {
    suggestedName: string
    types: { description: string; accept: Record<string, string[]> }[]
  }) => Promise<FileSystemFileHandle>
}

/** A place that the user chose; `download`: this browser has no such picker. Null: the user chose none. */
export type SavePlace = FileSystemFileHandle | 'download' | null

/** Call it in the handler of a click. */
export async function pickSavePlace(suggestedName: string, description: string): Promise<SavePlace> {
  const { showSaveFilePicker } = window as SavePicker
  if (!showSaveFilePicker) return 'download'
  try {
    const types = [{ description, accept: { 'application/x-tar': ['.tar'] } }]
    return await showSaveFilePicker({ suggestedName, types })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    // Some frames may not show pickers.
    return 'download'
  }
}

/** Writes the file; what was begun is taken back when it cannot be finished. */
export async function writeTo(handle: FileSystemFileHandle, content: Blob): Promise<void> {
  const target = await handle.createWritable()
  // Closes it at the end, and aborts it on an error.
  await content.stream().pipeTo(target)
}
