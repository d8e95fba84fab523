/** Paths that a manifest of unknown origin may name: relative, below the model, and storable on any disk. */
import * as v from 'valibot'

const PATH_LIMIT = 200
const DEPTH_LIMIT = 8
/** What Windows refuses in names is refused everywhere, because models travel on sticks. */
const NAME = /^[^\\/:*?"<>|\u0000-\u001f\u007f]+$/ // eslint-disable-line no-control-regex

export function isSafePath(path: string): boolean {
  const names = path.split('/')
  return (
    path.length <= PATH_LIMIT &&
    names.length <= DEPTH_LIMIT &&
    names.every((name) => NAME.test(name) && !/[. ]$/.test(name))
  )
}

export const SafePath = v.pipe(v.string(), v.check(isSafePath, 'a relative path inside the model'))
