import { stateOf, totalBytes, type StoredModel } from '#core/model/stored'
import type { Locale } from '#i18n/locale.svelte'
import { percentDone } from '../job-text'

export interface StateText {
  kind: 'good' | 'warn' | 'bad'
  text: string
}

/** Whether it has all that an engine needs: weights that were converted here may lack a library. */
export function canLoad({ runtime, files }: StoredModel): boolean {
  return runtime.engine === 'wllama' || files.some(({ role }) => role === 'library')
}

/**
 * What is stored of a model, in one sentence; `bytes` is what lies on disk. `canResume`: what is missing or damaged
 * can be had without asking the user for it.
 */
export function stateText(model: StoredModel, bytes: number, canResume: boolean, locale: Locale): StateText {
  const t = locale.t.store.state
  const { conversion } = locale.t
  const isConversion = model.conversion !== undefined
  const again = canResume ? '' : ` ${isConversion ? conversion.damagedFolder : t.damagedImport}`
  switch (stateOf(model)) {
    case 'complete':
      if (!canLoad(model))
        return { kind: 'warn', text: model.conversion?.address == null ? t.noLibrary : t.noLibraryAddress }
      return { kind: 'good', text: t.complete(locale.dateTime(model.verifiedAt ?? model.addedAt)) }
    case 'damaged':
      return { kind: 'bad', text: t.damaged(locale.list(damagedFiles(model))) + again }
    case 'incomplete':
      if (isConversion) {
        const percent = storedPercent(model, bytes, locale)
        return {
          kind: 'warn',
          text: canResume ? conversion.paused(percent) : conversion.pausedFolder(percent),
        }
      }
      if (!canResume) return { kind: 'warn', text: t.incompleteImport }
      if (bytes === 0) return { kind: 'warn', text: t.nothingYet(locale.bytes(totalBytes(model.files))) }
      return {
        kind: 'warn',
        text: t.incomplete(
          storedPercent(model, bytes, locale),
          locale.bytes(bytes),
          locale.bytes(totalBytes(model.files)),
        ),
      }
  }
}

/** The share of a model that is on disk, as "43%". */
export function storedPercent(model: StoredModel, bytes: number, locale: Locale): string {
  return percentDone(Math.min(1, bytes / Math.max(1, totalBytes(model.files))), locale)
}

export function damagedFiles({ files }: StoredModel): string[] {
  return files.filter(({ state }) => state === 'damaged').map(({ path }) => path)
}

/** A commit as people quote it. */
export function shortRevision(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision
}
