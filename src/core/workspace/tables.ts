/** What a workspace is made of: tables of records with their parts, gathered in sections that a user can choose. */
import { MIRROR_SETTING } from '../model/mirror'
import { KERNEL_AS_IT_COMES, KNOWN_RESULTS } from '../numerics/settings'

export type SectionId =
  'runs' | 'datasets' | 'conversations' | 'comparisons' | 'studies' | 'presets' | 'prompts' | 'settings'

export const SECTIONS: readonly SectionId[] = [
  'runs',
  'datasets',
  'conversations',
  'comparisons',
  'studies',
  'presets',
  'prompts',
  'settings',
]

/** A store of the database whose records travel by themselves, and the stores that hold parts of them. */
export interface Table {
  store: TableStore
  section: SectionId
  /** `numbered`: keyed by the record's id and a number; `single`: by the id. */
  parts: readonly { store: PartStore; keys: 'numbered' | 'single' }[]
  /** Records without an id of their own are keyed from outside. */
  inlineKey: boolean
}

export type TableStore =
  | 'runs'
  | 'datasets'
  | 'conversations'
  | 'drafts'
  | 'comparisons'
  | 'studies'
  | 'presets'
  | 'prompts'
  | 'preferences'
export type PartStore = 'runEvents' | 'datasetDetails' | 'itemBlocks' | 'messages' | 'studyEvents'
export type WorkspaceStore = TableStore | PartStore

export const TABLES: readonly Table[] = [
  table('runs', 'runs', [{ store: 'runEvents', keys: 'numbered' }]),
  table('datasets', 'datasets', [
    { store: 'datasetDetails', keys: 'single' },
    { store: 'itemBlocks', keys: 'numbered' },
  ]),
  table('conversations', 'conversations', [{ store: 'messages', keys: 'numbered' }]),
  { ...table('drafts', 'conversations'), inlineKey: false },
  table('comparisons', 'comparisons'),
  table('studies', 'studies', [{ store: 'studyEvents', keys: 'numbered' }]),
  table('presets', 'presets'),
  table('prompts', 'prompts'),
  { ...table('preferences', 'settings'), inlineKey: false },
]

/**
 * Settings that never leave this browser, and are taken over from no other: access tokens open accounts; what is known of
 * a graphics unit's numbers, and how its kernels are corrected, holds for this computer and browser alone.
 */
export const LOCAL_SETTINGS: readonly string[] = ['hubTokens', KNOWN_RESULTS, KERNEL_AS_IT_COMES]

/** Settings that name a host: taken over with the chosen hosts, if at all, and never in place of one that is here. */
export function isHostSetting(store: WorkspaceStore, key: string): boolean {
  return store === 'preferences' && key === MIRROR_SETTING
}

function table(store: TableStore, section: SectionId, parts: Table['parts'] = []): Table {
  return { store, section, parts, inlineKey: true }
}

/** The table that a record, or a part of one, belongs to. */
export function tableOf(store: WorkspaceStore): Table {
  const found = TABLES.find(
    (table) => table.store === store || table.parts.some((part) => part.store === store),
  )
  if (!found) throw new RangeError(store)
  return found
}

/** Every store of the workspace, records before their parts. */
export const WORKSPACE_STORES: readonly WorkspaceStore[] = TABLES.flatMap(({ store, parts }) => [
  store,
  ...parts.map((part) => part.store),
])

/** The stores that the sections write to. */
export function storesOf(sections: readonly SectionId[]): WorkspaceStore[] {
  const chosen = TABLES.filter(({ section }) => sections.includes(section))
  return chosen.flatMap(({ store, parts }) => [store, ...parts.map((part) => part.store)])
}

export function isWorkspaceStore(name: string): name is WorkspaceStore {
  return WORKSPACE_STORES.some((store) => store === name)
}
