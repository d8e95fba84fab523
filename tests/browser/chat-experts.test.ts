/** A question in a conversation goes to the experts' form, by keyboard alone. */
import { afterEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { Experts } from '#app/experts.svelte'
import type { Lab } from '#app/lab'
import { Studies } from '#app/studies.svelte'
import type { MessageRecord } from '#core/chat/types'
import type { ExpertsEvent } from '#core/experts/types'
import type { StudyId } from '#core/study/types'
import { StudyLog } from '#data/db/studies'
import MessageActions from '#ui/chat/MessageActions.svelte'
import ExpertsPage from '#ui/lab/experts/Experts.svelte'
import { openTab } from './chat-fixture'
import StoresHarness from './StoresHarness.svelte'

afterEach(() => {
  cleanup()
  location.hash = ''
})

test.each([
  ['en', 'Why 2 mg of zorane?', 'Ask two experts…', 'Question', /^From a conversation/],
  ['zh', '佐兰烷为什么用 2 mg？', '交给双专家推理…', '问题', /^来自一段对话/],
] as const)('%s', async (language, text, action, label, hint) => {
  const name = `test-${crypto.randomUUID()}`
  const { database, engine, models, stores } = await openTab(name, { language })
  const experts = new Experts({
    ...{ engine, models, isEngineTaken: () => false, isMeasuring: () => false, now: () => 1 },
    locks: { acquireAlone: () => Promise.resolve(null) },
    studies: new Studies({
      log: new StudyLog<ExpertsEvent>(database, 'experts'),
      channel: { tell: () => undefined, hear: () => undefined },
      held: () => Promise.resolve([]),
      now: () => 1,
      newId: () => crypto.randomUUID() as StudyId,
    }),
  })
  Object.assign(stores, { lab: () => Promise.resolve({ experts } as Lab), datasets: { list: [] } })
  const message = { id: 0, role: 'user', text, parent: null } as unknown as MessageRecord
  const given = { message, last: true, onEdit: () => undefined }
  await render(StoresHarness, { stores, components: [MessageActions], given })
  const asks = page.getByRole('button', { name: action })
  await userEvent.tab()
  for (let step = 0; step < 5 && document.activeElement !== asks.element(); step += 1)
    await userEvent.keyboard('{ArrowRight}')
  await expect.element(asks).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  await expect.poll(() => location.hash).toBe('#/lab/experts')

  cleanup()
  await render(StoresHarness, { stores, components: [ExpertsPage], given: { id: undefined } })
  const question = page.getByRole('textbox', { name: label, exact: true })
  await expect.element(question).toHaveValue(text)
  await expect.element(page.getByText(hint)).toBeVisible()
  // Taken once: the next form is empty.
  cleanup()
  await render(StoresHarness, { stores, components: [ExpertsPage], given: { id: undefined } })
  await expect.element(question).toHaveValue('')
  database.close()
  await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))
})
