/** What reaches other hosts now, and ends when the app is locked. */
import type { Datasets } from './datasets.svelte'
import type { ModelStore } from './model-store.svelte'
import type { StoredModelId } from '#core/model/stored'

interface Downloads {
  modelStore: Pick<ModelStore, 'jobs' | 'find' | 'pause'>
  datasets: Pick<Datasets, 'importState' | 'cancel'>
}

/** The names of models and datasets on their way. */
export function downloadsUnderWay({ modelStore, datasets }: Downloads): string[] {
  const names = downloadJobs(modelStore).map(({ name }) => name)
  const { importState } = datasets
  return importState.kind === 'reading' && importState.progress?.kind === 'downloading'
    ? [...names, importState.name]
    : names
}

/** What has come of a model stays. */
export async function endDownloads({ modelStore, datasets }: Downloads): Promise<void> {
  for (const { modelId } of downloadJobs(modelStore)) modelStore.pause(modelId)
  const { importState } = datasets
  if (importState.kind === 'reading' && importState.progress?.kind === 'downloading') await datasets.cancel()
}

function downloadJobs(modelStore: Downloads['modelStore']): { name: string; modelId: StoredModelId }[] {
  const isFetched = (id: StoredModelId) => modelStore.find(id)?.conversion?.address != null
  return modelStore.jobs.filter(
    ({ kind, modelId }) => kind === 'download' || (kind === 'convert' && isFetched(modelId)),
  )
}
