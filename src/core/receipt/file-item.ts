import type { Item } from '../dataset/item'
import { optionLetter } from '../prompt/question'
import { failure, success, type Result } from '../result'
import type { Misfit } from './expected'
import type { FileItem } from './plan-shape'

/** The item as asked. Without its text, stem and options are empty and its hash stands for them. */
export function itemOf(file: FileItem, place: string): Result<Item, Misfit> {
  const { id, language, optionCount, key, stem, options } = file
  const targetIndex = key.charCodeAt(0) - 'A'.charCodeAt(0)
  if (targetIndex >= optionCount) {
    const values = Array.from({ length: optionCount }, (_, index) => optionLetter(index)).join(', ')
    return failure({ place: `${place}.key`, expected: { kind: 'one-of', values }, found: key })
  }
  const level = file.level === 'unlabelled' ? null : file.level
  const named = { id, language, level, targetIndex }
  if (stem === undefined || options === undefined) {
    return success({
      ...named,
      stem: '',
      options: Array.from({ length: optionCount }, () => ''),
      withheld: file.sha256 ?? '',
    })
  }
  if (options.length !== optionCount) {
    const expected = { kind: 'as-planned', value: String(optionCount) } as const
    return failure({ place: `${place}.options`, expected, found: String(options.length) })
  }
  return success({ ...named, stem, options })
}
