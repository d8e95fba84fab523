/** Composition root: makes adapters and stores and mounts the interface. The only file that knows all. */
import { mount } from 'svelte'
import type { Chats } from '#app/chats.svelte'
import { startImport } from '#app/dataset-importer'
import { Datasets } from '#app/datasets.svelte'
import { erasing, type Erasing } from '#app/erasing'
import { endDownloads } from '#app/downloads-under-way'
import { EngineClient } from '#app/engine-client'
import { EngineStore } from '#app/engine.svelte'
import { EngineUse } from '#app/engine-use.svelte'
import { InstallOffer } from '#app/install-offer.svelte'
import { ModelChannel } from '#app/model-channel'
import { ModelClient } from '#app/model-client'
import { ModelStore } from '#app/model-store.svelte'
import { Models } from '#app/models.svelte'
import { Notices } from '#app/notices.svelte'
import { once } from '#app/once'
import { openPrivacy } from '#app/open-privacy'
import { allowOwnScripts } from '#app/own-scripts'
import { watchSleep } from '#app/page-sleep'
import type { Privacy } from '#app/privacy.svelte'
import { Prompts } from '#app/prompts.svelte'
import { Reading } from '#app/reading.svelte'
import { RunDraft } from '#app/run-draft.svelte'
import { runModels } from '#app/run-models'
import { readReply } from '#app/run-read'
import { keepAwake } from '#app/run-wake-lock'
import { Runs } from '#app/runs.svelte'
import { Settings } from '#app/settings.svelte'
import { removePeers } from '#app/stay-here'
import { requestPersistence, storageStatus } from '#app/storage-status'
import type { Stores } from '#app/stores'
import { TabWork } from '#app/tab-work.svelte'
import { parseCatalog } from '#core/catalog'
import type { PromptSetId } from '#core/prompt/prompt-set'
import { DatasetDatabase } from '#data/db/datasets'
import { ModelDatabase } from '#data/db/models'
import { Preferences } from '#data/db/preferences'
import { PromptDatabase } from '#data/db/prompts'
import { RunDatabase } from '#data/db/runs'
import { DATABASE_NAME, openDatabase, type SomnusDatabase } from '#data/db/schema'
import { probeDevice } from '#data/device'
import { ANESBENCH_FILES, ANESBENCH_URL } from '#data/hub'
import { ModelFiles } from '#data/model-files'
import { BrowserEngineLock, NoEngineLock } from '#data/engine-lock'
import { randomId } from '#data/random-id'
import { BrowserRunLocks } from '#data/run-lock'
import { Locale, preferredLanguage } from '#i18n/locale.svelte'
import App from '#ui/App.svelte'
import StorageProblem from '#ui/StorageProblem.svelte'
import catalogJson from '../models.json'
import './ui/theme.css'

removePeers()
allowOwnScripts()

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app element')

const locale = new Locale(preferredLanguage(navigator.languages))
const notices = new Notices()
const install = new InstallOffer(window)

async function createStores(database: SomnusDatabase): Promise<Stores> {
  const preferences = new Preferences(database)
  const settings = new Settings(preferences, locale)
  const [privacy] = await Promise.all([openPrivacy(locale, notices), settings.restore()])
  // Missing on insecure origins, whatever the types say.
  const locks = navigator.locks as LockManager | undefined
  const sleep = watchSleep(document)
  const numerics: Stores['numerics'] = once(async () => {
    const { openNumerics } = await import('#app/numerics.svelte')
    return openNumerics({
      ...{ preferences, engine, device: () => models.device, userAgent: navigator.userAgent },
      tellOfFailedCheck: ({ numerics }) =>
        notices.show({ kind: 'bad', text: locale.t.reuse.checkFailed[numerics ? 'onGpu' : 'onCpu'] }),
    })
  })
  const engine = new EngineStore(new EngineClient(), {
    settleNumbers: async (loading) => (await numerics()).settle(loading),
    onCheckFailed: async (loaded) => (await numerics()).distrust(loaded),
    lock: locks ? new BrowserEngineLock(locks, { asleep: () => sleep.asleep() }) : new NoEngineLock(),
    sleep,
  })
  const modelStore = createModelStore(database, preferences, privacy)
  await modelStore.restore()
  const models = createModels(engine, preferences, modelStore)
  const datasets = createDatasets(database, preferences, privacy)
  privacy.whenLocked(() => endDownloads({ modelStore, datasets }))
  await datasets.load()
  const runs = createRuns(database, engine, models, datasets, locks)
  const use = new EngineUse(engine)
  use.enter(runs, { measures: true })
  engine.isMeasuring = () => use.isMeasuring
  await runs.restore()
  const prompts = createPrompts(database)
  await prompts.load()
  const runDraft = new RunDraft(models, datasets, prompts)
  const measuring = { preferences, engine, use, models, datasets, runs, locks }
  const reading = new Reading(preferences)
  await reading.restore()
  const work = new TabWork(locks)
  work.watch(() => use.busy || modelStore.jobs.length > 0)
  work.watch(() => datasets.isImporting)
  const workspacePorts = { locale, notices, modelStore, databaseName: DATABASE_NAME }
  const shared = { database, preferences, engine, use, models, runs, locale, locks }
  let chats: Chats | undefined
  const openChats = once(async () => (chats = await (await import('#app/open-chats')).openChats(shared)))
  return {
    locale,
    settings,
    notices,
    privacy,
    engine,
    models,
    modelStore,
    numerics,
    datasets,
    runs,
    prompts,
    runDraft,
    planning: once(async () => (await import('#app/open-measuring')).openPlanning(measuring)),
    stepScoring: once(async () => (await import('#app/open-measuring')).openStepScoring(measuring)),
    openChats,
    get chats() {
      if (!chats) throw new Error('The conversations were not opened yet.')
      return chats
    },
    reading,
    chatTools: once(async () => {
      const [{ openChatTools }, opened] = await Promise.all([import('#app/chat-tools'), openChats()])
      return openChatTools({ ...shared, chats: opened })
    }),
    lab: once(async () => (await import('#app/lab')).openLab(shared)),
    work,
    site: once(async () => (await import('#app/site')).openSite({ locale, notices, work })),
    workspace: once(async () => (await import('#app/open-workspace')).openWorkspace(workspacePorts)),
    install,
    proof: once(async () => (await import('#app/open-proof')).openProof(privacy)),
  }
}

function createModelStore(database: SomnusDatabase, preferences: Preferences, hosts: Privacy): ModelStore {
  const door = new ModelClient({ databaseName: DATABASE_NAME, hosts })
  hosts.whenLocked(() => door.reachChanged())
  return new ModelStore({
    door,
    hosts,
    database: new ModelDatabase(database),
    files: new ModelFiles(),
    preferences,
    storageStatus,
    requestPersistence,
    channel: new ModelChannel(),
    now: () => performance.now(),
  })
}

function createModels(engine: EngineStore, preferences: Preferences, store: ModelStore): Models {
  const catalog = parseCatalog(catalogJson)
  // The build checks the file, so this is a bug.
  if (!catalog.ok) throw new Error(`models.json: ${JSON.stringify(catalog.failure)}`)
  const models = new Models({
    catalog: catalog.value,
    engine,
    preferences,
    probe: probeDevice,
    store,
  })
  // Asking for a GPU can take a second; the pages show the device when it is known.
  void models.restore()
  return models
}

function createDatasets(database: SomnusDatabase, preferences: Preferences, hosts: Privacy): Datasets {
  return new Datasets({
    hosts,
    database: new DatasetDatabase(database),
    databaseName: DATABASE_NAME,
    preferences,
    startImport,
    hub: { url: ANESBENCH_URL, files: ANESBENCH_FILES },
    builtInUrls: ['datasets/formulary_en.json', 'datasets/formulary_zh.json'].map(
      (path) => new URL(path, document.baseURI).href,
    ),
    now: () => Date.now(),
  })
}

function createPrompts(database: SomnusDatabase): Prompts {
  return new Prompts({
    database: new PromptDatabase(database),
    now: () => Date.now(),
    newId: () => randomId() as PromptSetId,
  })
}

function createRuns(
  database: SomnusDatabase,
  engine: EngineStore,
  models: Models,
  datasets: Datasets,
  locks: LockManager | undefined,
): Runs {
  return new Runs({
    database: new RunDatabase(database),
    locks: new BrowserRunLocks(locks),
    datasets,
    models: runModels(models),
    engine,
    read: readReply,
    appVersion: __APP_VERSION__,
    keepAwake,
  })
}

addEventListener('securitypolicyviolation', (event) => {
  void import('#app/open-proof').then(({ recordPageViolation }) => recordPageViolation(event))
})

/** Nothing of the app runs where everything is being erased. */
async function erase({ where, language }: Erasing, target: HTMLElement): Promise<void> {
  const { default: ErasePage } = await import('#ui/privacy/workspace/ErasePage.svelte')
  mount(ErasePage, { target, props: { locale: new Locale(language), where } })
}

async function start(target: HTMLElement): Promise<void> {
  const database = await openDatabase({
    onBlocked: () => {
      mount(StorageProblem, { target, props: { locale, problem: 'blocked' } })
    },
    onOutdated: () => {
      notices.show({
        text: locale.t.common.storageOutdated,
        kind: 'bad',
        action: { label: locale.t.common.reload, run: () => location.reload() },
      })
    },
  })
  const stores = await createStores(database)
  if (new URLSearchParams(location.search).has('evaluate')) {
    const { evaluate } = await import('#app/evaluation')
    Object.assign(globalThis, { somnusEvaluate: evaluate.bind(null, stores), somnusStores: stores })
  }
  target.replaceChildren()
  mount(App, { target, props: { stores } })
  // Safari knows no idle moments.
  const whenIdle = (then: () => void) =>
    'requestIdleCallback' in globalThis ? requestIdleCallback(then) : setTimeout(then)
  whenIdle(() => {
    // What was asked for before is what the first screen needs; a test holds it against its limit.
    performance.mark('first-screen')
    void stores.site()
    void stores.workspace().then((workspace) => stores.work.watch(() => workspace.busy))
  })
}

const asked = erasing()
try {
  await (asked ? erase(asked, target) : start(target))
} catch (error) {
  console.error(error)
  const isNewer = error instanceof DOMException && error.name === 'VersionError'
  mount(StorageProblem, { target, props: { locale, problem: isNewer ? 'newer' : 'refused' } })
}
