/** What operating systems and tools leave in folders, and what is never part of a model. */

const FILES = /^(?:\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|\.localized|\.gitattributes|\.gitignore)$/i
const FOLDERS =
  /^(?:\.git|\.cache|\.Trashes|\.Spotlight-V100|\.fseventsd|__MACOSX|System Volume Information|\$RECYCLE\.BIN)$/i

/** True for a path with "/" between names that no model needs. */
export function isIgnoredFile(path: string): boolean {
  const names = path.split('/')
  const file = names.pop() ?? ''
  return FILES.test(file) || names.some(isIgnoredFolder)
}

export function isIgnoredFolder(name: string): boolean {
  return FOLDERS.test(name)
}
