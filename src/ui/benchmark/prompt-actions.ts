/** Importing and deleting prompt sets, and what is told of it. */
import type { Stores } from '#app/stores'
import type { PromptSet } from '#core/prompt/prompt-set'

type PromptStores = Pick<Stores, 'locale' | 'notices' | 'prompts'>

/** The set that the file holds, stored now or before; null where it cannot be used. */
export async function importPrompts(
  file: File,
  { locale, notices, prompts }: PromptStores,
): Promise<PromptSet | null> {
  const texts = locale.t.protocol.library
  try {
    const read = await prompts.importFile(file)
    if (!read.ok) {
      const most = read.failure.kind === 'too-large' ? locale.bytes(read.failure.mostBytes) : ''
      notices.show({ text: texts.importFailed[read.failure.kind](most), kind: 'bad' })
      return null
    }
    const { name } = read.value.prompts
    notices.show({ text: read.value.isNew ? texts.imported(name) : texts.known(name), kind: 'info' })
    return read.value.prompts
  } catch {
    notices.show({ text: texts.failed, kind: 'bad' })
    return null
  }
}

/** Deletes a set and offers the way back. */
export async function removePrompts(
  set: PromptSet,
  { locale, notices, prompts }: PromptStores,
): Promise<void> {
  const texts = locale.t.protocol.library
  try {
    const undo = await prompts.remove(set)
    notices.show({
      text: texts.deleted(set.name),
      kind: 'info',
      action: { label: locale.t.common.undo, run: undo },
    })
  } catch {
    notices.show({ text: texts.failed, kind: 'bad' })
  }
}
