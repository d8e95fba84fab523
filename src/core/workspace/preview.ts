/** What importing an archive would do, for the user to decide. */
import type { PrivacyState } from '../privacy/state'
import { MAX_LISTED_NAMES } from './limits'
import type { WorkspaceManifest } from './manifest'
import { fateOf, type Fate, type Relation } from './relation'
import { isHostSetting, SECTIONS, type SectionId, type TableStore } from './tables'

export interface SectionPreview {
  section: SectionId
  /** Records in the archive. */
  records: number
  /** What merging would do with them. */
  fates: Record<Fate, number>
  /** Those that are not left as they are, the first of them. */
  named: { name: string; fate: Fate }[]
}

export interface WorkspacePreview {
  appVersion: string
  exportedAt: number
  databaseVersion: number
  sections: SectionPreview[]
  privacy: PrivacyState | null
  /** The address that models would be fetched from; null where the archive names none, or there is one here. */
  mirror: string | null
  models: { name: string; bytes: number }[]
}

interface ComparedRecord {
  store: TableStore
  section: SectionId
  id: string
  name: string
  relation: Relation
}

/**
 * Drafts go with their conversations and are not counted; where nothing else is there, their section is all the same.
 * Settings that name a host are asked for apart. `mirror`: the address in the archive, as it is used.
 */
export function previewOf(
  { appVersion, exportedAt, databaseVersion, entries }: WorkspaceManifest,
  all: readonly ComparedRecord[],
  privacy: PrivacyState | null,
  mirror: string | null,
): WorkspacePreview {
  const compared = all.filter(({ store, id }) => !isHostSetting(store, id))
  const ownMirror = all.some(({ store, id, relation }) => isHostSetting(store, id) && relation !== 'new')
  const sections = SECTIONS.map((section): SectionPreview => {
    const records = compared.filter((record) => record.section === section && record.store !== 'drafts')
    const fates: Record<Fate, number> = { add: 0, leave: 0, extend: 0, copy: 0 }
    const named: SectionPreview['named'] = []
    for (const { store, name, relation } of records) {
      const fate = fateOf(store, relation)
      fates[fate] += 1
      if (fate !== 'leave' && named.length < MAX_LISTED_NAMES) named.push({ name, fate })
    }
    return { section, records: records.length, fates, named }
  })
  const models = entries.flatMap((entry) =>
    entry.kind === 'model' ? [{ name: entry.name, bytes: entry.bytes }] : [],
  )
  return {
    appVersion,
    exportedAt,
    databaseVersion,
    sections: sections.filter(({ section }) => compared.some((record) => record.section === section)),
    privacy,
    mirror: ownMirror ? null : mirror,
    models,
  }
}
