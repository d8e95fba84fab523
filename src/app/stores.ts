import { createContext } from 'svelte'
import type { Locale } from '#i18n/locale.svelte'
import type { InstallOffer } from './install-offer.svelte'
import type { ChatTools } from './chat-tools'
import type { Chats } from './chats.svelte'
import type { Datasets } from './datasets.svelte'
import type { EngineStore } from './engine.svelte'
import type { Lab } from './lab'
import type { ModelStore } from './model-store.svelte'
import type { Models } from './models.svelte'
import type { Notices } from './notices.svelte'
import type { Numerics } from './numerics.svelte'
import type { Privacy } from './privacy.svelte'
import type { Prompts } from './prompts.svelte'
import type { Reading } from './reading.svelte'
import type { Proof } from './proof.svelte'
import type { Planning } from './planning.svelte'
import type { RunDraft } from './run-draft.svelte'
import type { Runs } from './runs.svelte'
import type { Settings } from './settings.svelte'
import type { SiteUpdate } from './site-update.svelte'
import type { StepScoring } from './step-scoring.svelte'
import type { TabWork } from './tab-work.svelte'
import type { Workspace } from './workspace.svelte'

/** Everything a component may ask for; main.ts makes it once and App hands it down. */
export interface Stores {
  locale: Locale
  settings: Settings
  notices: Notices
  /** Whether the app is locked, and which hosts it may reach while it is not. */
  privacy: Privacy
  engine: EngineStore
  models: Models
  modelStore: ModelStore
  /** What is known of the graphics unit's numbers; the same at each call, fetched at the first. */
  numerics: () => Promise<Numerics>
  datasets: Datasets
  runs: Runs
  prompts: Prompts
  /** What the next run will be; kept while the user looks at other pages. */
  runDraft: RunDraft
  /** What a run costs on this device; the same at each call, fetched at the first. */
  planning: () => Promise<Planning>
  /** Scoring of stored replies by the loaded model; the same at each call, fetched at the first. */
  stepScoring: () => Promise<StepScoring>
  /** Fetches the conversations, at the first call; `chats` are there from then on. */
  openChats: () => Promise<Chats>
  chats: Chats
  reading: Reading
  /** Comparisons of models, and conversations as files; the same at each call, fetched at the first. */
  chatTools: () => Promise<ChatTools>
  /** Long work with models; the same at each call, fetched at the first. */
  lab: () => Promise<Lab>
  /** What must not be ended by a reload. */
  work: TabWork
  /** The copy of the site for offline use; the same at each call, fetched at the first. */
  site: () => Promise<SiteUpdate>
  /** All that is stored, as one; the same at each call, fetched at the first. */
  workspace: () => Promise<Workspace>
  install: InstallOffer
  /** The ledger of requests and the self-test; the same at each call, fetched at the first. */
  proof: () => Promise<Proof>
}

export const [getStores, setStores] = createContext<Stores>()
