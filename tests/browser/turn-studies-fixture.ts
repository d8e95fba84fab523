/** Studies that models do by turns, over a database for each test; a model is there as soon as it is wanted. */
import axe from 'axe-core'
import { afterEach, beforeEach } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup } from 'vitest-browser-svelte'
import type { LoadedModel, ModelChoice } from '#app/models.svelte'
import { Studies } from '#app/studies.svelte'
import type { Stores } from '#app/stores'
import { success } from '#core/result'
import type { StudyEvent, StudyId, StudyKind } from '#core/study/types'
import type { SomnusDatabase } from '#data/db/schema'
import { StudyLog } from '#data/db/studies'
import { Locale, type Language } from '#i18n/locale.svelte'
import '../../src/ui/theme.css'
import { engine } from '../unit/cross-filter/fixture'
import { deleteOpened, fresh } from './workspace-fixture'

/** Of the test under way. */
export let database: SomnusDatabase

beforeEach(async () => {
  database = await fresh()
})

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
  await deleteOpened()
})

/** All but the engine; `loads` grows with each model that is loaded. */
export function turnPorts<Event extends StudyEvent>(
  stored: SomnusDatabase,
  kind: StudyKind,
  fingerprintOf: (choice: ModelChoice) => string = ({ modelId }) => modelId,
) {
  const loads: string[] = []
  const models = {
    loaded: null as LoadedModel | null,
    load: (choice: ModelChoice) => {
      loads.push(choice.modelId)
      const description = engine(fingerprintOf(choice))
      const [model, variant] = [{ id: choice.modelId }, { id: choice.variantId }]
      models.loaded = { model, variant, description } as LoadedModel
      return Promise.resolve(success(description))
    },
  }
  const ports = {
    studies: new Studies<Event>({
      log: new StudyLog<Event>(stored, kind),
      channel: { tell: () => undefined, hear: () => undefined },
      held: () => Promise.resolve([]),
      now: () => 1,
      newId: () => crypto.randomUUID() as StudyId,
    }),
    models,
    locks: { acquire: () => Promise.resolve({ kind: 'held', release: () => Promise.resolve() } as const) },
    startImport: () => {
      throw new Error('no files here')
    },
    isEngineTaken: () => false,
    keepAwake: () => () => undefined,
    now: () => 1,
    appVersion: 'test',
  }
  return { ports, loads }
}

/** The study as it is stored. */
export async function reopen<Session extends object>(
  kind: { open(id: StudyId): Promise<Session | 'damaged' | null> },
  id: StudyId,
): Promise<Session> {
  const session = await kind.open(id)
  if (!session || session === 'damaged') throw new Error('not there')
  return session
}

/** What the pages of a study take from the stores. */
export function storesOf(language: Language): Stores {
  return {
    locale: new Locale(language),
    models: { records: [], loaded: null, awaitedJob: undefined, stored: () => undefined, choices: () => [] },
    engine: { state: { kind: 'idle' } },
    notices: { show: () => undefined },
  } as unknown as Stores
}

/** What an automatic check of accessibility finds on the page. */
export async function faults(): Promise<string[]> {
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await axe.run('main', { runOnly })
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))
}
