/** Where an archive's records lie until they are taken over. */
import { deleteDB } from 'idb'

export function stagingName(databaseName: string): string {
  return `${databaseName}-staging`
}

/** Also what an import that was cut off has left behind. */
export async function removeStaging(databaseName: string): Promise<void> {
  await deleteDB(stagingName(databaseName))
}
