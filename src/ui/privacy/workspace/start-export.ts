import { pickSavePlace } from '#app/save-file'
import type { Workspace } from '#app/workspace.svelte'
import { downloadFile } from '../../results/download'

/** Asks where the file shall go and writes it. Call it in the handler of a click. */
export async function startExport(
  workspace: Workspace,
  withModels: boolean,
  fileType: string,
): Promise<void> {
  const place = await pickSavePlace(workspace.fileName(), fileType)
  if (place) await workspace.export(place, withModels, downloadFile)
}
