/** Which names of files inside a model are taken: names come from strangers' manifests, archives and folders. */

/** Long enough for any repository; short enough for tar's name field (100 + 155) and for a USB stick's folders. */
export const MAX_MODEL_PATH_CHARACTERS = 200

// Separators of other systems, wildcards and characters that file systems of USB sticks refuse; control characters;
// halves of characters, which file systems replace, so that two names become one.
// eslint-disable-next-line no-control-regex
const REFUSED = /[\u0000-\u001f\u007f\\:*?"<>|\p{Surrogate}]/u

/** True for relative paths with "/" between plain names: no "..", no empty name, nothing that another system refuses. */
export function isModelPath(path: string): boolean {
  if (path.length === 0 || path.length > MAX_MODEL_PATH_CHARACTERS || REFUSED.test(path)) return false
  // "." and ".." end with a dot, too; Windows takes such an end away.
  return path.split('/').every((name) => name !== '' && !name.endsWith('.') && name === name.trim())
}
