import { createContext } from 'svelte'
import type { Locale } from '#i18n/locale.svelte'
import type { Chats } from './chats.svelte'
import type { Datasets } from './datasets.svelte'
import type { EngineStore } from './engine.svelte'
import type { ModelStore } from './model-store.svelte'
import type { Models } from './models.svelte'
import type { Notices } from './notices.svelte'
import type { Prompts } from './prompts.svelte'
import type { Planning } from './planning.svelte'
import type { RunDraft } from './run-draft.svelte'
import type { Runs } from './runs.svelte'
import type { Settings } from './settings.svelte'

/** Everything a component may ask for; main.ts makes it once and App hands it down. */
export interface Stores {
  locale: Locale
  settings: Settings
  notices: Notices
  engine: EngineStore
  models: Models
  modelStore: ModelStore
  datasets: Datasets
  runs: Runs
  prompts: Prompts
  /** What the next run will be; kept while the user looks at other pages. */
  runDraft: RunDraft
  /** What a run costs on this device; the same at each call, fetched at the first. */
  planning: () => Promise<Planning>
  chats: Chats
}

export const [getStores, setStores] = createContext<Stores>()
