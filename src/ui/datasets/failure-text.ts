import { hostOf } from '#app/model-failure-text'
import type { ImportFailure } from '#core/dataset/failure'
import type { Locale } from '#i18n/locale.svelte'

/** What went wrong with a file or an import, and what to do about it. */
export function failureText(locale: Locale, failure: ImportFailure): string {
  const texts = locale.t.datasets.failure
  switch (failure.kind) {
    case 'empty-file':
      return texts.emptyFile(failure.file)
    case 'too-large':
      return texts.tooLarge(failure.file, locale.bytes(failure.bytes), locale.bytes(failure.limitBytes))
    case 'too-many-rows':
      return texts.tooManyRows(failure.file, locale.number(failure.limitRows))
    case 'unknown-encoding':
      return texts.unknownEncoding(failure.file)
    case 'web-page':
      return texts.webPage(failure.file)
    case 'unknown-format':
      return texts.unknownFormat(failure.file, failure.start)
    case 'no-row-list':
      return texts.noRowList(failure.file)
    case 'no-rows':
      return texts.noRows(failure.file)
    case 'wrong-shape':
      return texts.wrongShape(failure.file, locale.list(failure.found))
    case 'parquet-invalid':
      return texts.parquetInvalid(failure.file, failure.detail)
    case 'parquet-codec':
      return texts.parquetCodec(failure.file, failure.codec)
    case 'unreadable':
      return texts.unreadable(failure.file, failure.detail)
    case 'download-failed':
      return texts.download(
        failure.url,
        failure.status === null ? texts.offline : texts.status(failure.status),
      )
    case 'locked':
      return texts.locked(hostOf(failure.url))
    case 'host-not-chosen':
      return texts.hostNotChosen(hostOf(failure.url))
    case 'redirect-not-chosen':
      return texts.redirectNotChosen(hostOf(failure.url))
    case 'storage-full':
      return texts.storageFull
    case 'storage-failed':
      return texts.storageFailed(failure.detail)
    case 'worker-lost':
      return texts.workerLost(failure.detail ? ` (${failure.detail})` : '')
  }
}
