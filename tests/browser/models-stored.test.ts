import { afterEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { Language } from '#i18n/locale.svelte'
import '../../src/ui/theme.css'
import { axeViolations } from './axe-violations'
import ModelsHarness from './ModelsHarness.svelte'
import { openDesk, storedFile, storedModel, type Desk, type DeskOptions } from './models-fixture'

afterEach(async () => {
  cleanup()
  delete document.documentElement.dataset.theme
  await page.viewport(1280, 900)
})

async function open(options: DeskOptions = {}): Promise<Desk> {
  const desk = await openDesk(options)
  await render(ModelsHarness, { stores: desk.stores })
  return desk
}

const list = (title = 'Your models') => page.getByRole('region', { name: title })
const entry = (name = 'Ward assistant') => list().getByRole('article', { name })

const shard = (number: number, changes = {}) =>
  storedFile(`params_shard_${String(number)}.bin`, 100e6, changes)
const absent = { state: 'absent', sha256: null } as const
const half = () => storedModel({ files: [shard(0), shard(1, absent)], completedAt: null, verifiedAt: null })
const damaged = () => storedModel({ files: [shard(0), shard(1, { state: 'damaged' })] })

describe('what is stored', () => {
  test('nothing: the list says how to begin', async () => {
    await open()
    await expect.element(list().getByText('No model is stored yet')).toBeVisible()
    expect(await axeViolations()).toEqual([])
  })

  test('a complete model: size, state, last use, and in a fold source, revision, fingerprint and files', async () => {
    await open({ models: [storedModel()] })
    await expect.element(list()).toHaveTextContent('1 model, 491 MB.')
    await expect.element(entry()).toHaveTextContent('Q4_K_M · runs on the processor · 491 MB · Not used yet')
    await expect.element(entry()).toHaveTextContent('Complete, checked')
    await entry().getByText('Source, revision and files').click()
    await expect.element(entry().getByText('0123456', { exact: true })).toBeVisible()
    expect(entry().getByText('0123456', { exact: true }).element().getAttribute('title')).toHaveLength(40)
    await expect.element(entry().getByText('5'.repeat(64))).toBeVisible()
    await expect.element(entry().getByRole('row', { name: 'model.gguf 491 MB checked' })).toBeInTheDocument()
    expect(await axeViolations()).toEqual([])
  })

  test('an unfinished one says how far it is and goes on where it stopped', async () => {
    const desk = await open({ models: [half()], bytes: { 'own/ward-assistant': 86e6 } })
    await expect.element(entry()).toHaveTextContent('Stopped at 43%: 86 MB of 200 MB are here')
    await entry()
      .getByRole('button', { name: /^Resume/ })
      .click()
    expect(desk.call('resume').args[0]).toBe('own/ward-assistant')
    expect(await axeViolations()).toEqual([])
  })

  test('a damaged one names the files; repair fetches them, and giving it up costs nothing else', async () => {
    const desk = await open({ models: [damaged()] })
    await expect.element(entry()).toHaveTextContent('Damaged: params_shard_1.bin')
    await entry()
      .getByRole('button', { name: /^Repair/ })
      .click()
    expect(desk.call('resume').args[0]).toBe('own/ward-assistant')
    await expect.element(entry().getByRole('button', { name: /^Pause/ })).toBeVisible()
    await expect.element(entry().getByRole('button', { name: /^Cancel/ })).not.toBeInTheDocument()
  })

  test('a damaged one that came from a stick says to import it again', async () => {
    const files = [shard(0, { url: null }), shard(1, { url: null, state: 'damaged' })]
    await open({ models: [storedModel({ files, origin: { kind: 'files', name: 'stick' } })] })
    await expect.element(entry()).toHaveTextContent('Import it again from its folder or file')
    expect(
      entry()
        .getByRole('button', { name: /^Repair/ })
        .elements(),
    ).toEqual([])
    expect(
      entry()
        .getByRole('button', { name: /^Delete/ })
        .elements(),
    ).toHaveLength(1)
  })
})

describe('work on a model', () => {
  test('a check tells its progress and its result', async () => {
    const desk = await open({ models: [storedModel()] })
    await entry()
      .getByRole('button', { name: /^Check/ })
      .click()
    desk.call('verify').report({ kind: 'verifying', doneBytes: 100e6, totalBytes: 491e6 })
    await expect.element(entry()).toHaveTextContent('100 MB of 491 MB')
    const broken = storedModel({ files: [storedFile('model.gguf', 491e6, { state: 'damaged' })] })
    desk.keep([broken])
    await desk.call('verify').answer(success(broken))
    await expect.element(entry()).toHaveTextContent('Damaged: model.gguf')
    await expect.element(page.getByText('Ward assistant: Damaged: model.gguf')).toBeVisible()
  })

  test('a download shows bytes, and why it waits; the way back to it is in the header', async () => {
    const desk = await open({ models: [half()], bytes: { 'own/ward-assistant': 86e6 } })
    await entry()
      .getByRole('button', { name: /^Resume/ })
      .click()
    const progress = { kind: 'downloading', loadedBytes: 90e6, totalBytes: 200e6 } as const
    desk.call('resume').report({ ...progress, waiting: null })
    await expect.element(entry()).toHaveTextContent('90 MB of 200 MB')
    const indicator = page.getByRole('link', { name: 'Downloading Ward assistant: 45%' })
    expect(indicator.element().getAttribute('href')).toBe('#/models')
    const url = 'https://huggingface.co/a'
    const reason = { kind: 'interrupted', url, receivedBytes: 1, totalBytes: 2, detail: '' } as const
    desk.call('resume').report({ ...progress, waiting: { reason, retryAt: Date.now() + 59_000 } })
    await expect.element(entry()).toHaveTextContent(/Connection lost\. Next attempt in [345]\d sec/)
    desk.call('resume').report({ ...progress, waiting: { reason: { kind: 'offline', url }, retryAt: null } })
    await expect.element(entry()).toHaveTextContent('goes on by itself when the network is back')
    expect(await axeViolations()).toEqual([])
  })

  test('progress is said aloud in quarters, not at every percent', async () => {
    const desk = await open({ models: [half()] })
    await entry()
      .getByRole('button', { name: /^Resume/ })
      .click()
    const said = new Set<string>()
    const region = document.querySelector('header [role=status]')
    const watch = new MutationObserver(() => said.add(region?.textContent.trim() ?? ''))
    watch.observe(document.querySelector('header')!, { childList: true, characterData: true, subtree: true })
    for (let percent = 1; percent <= 60; percent++) {
      const loadedBytes = percent * 2e6
      desk.call('resume').report({ kind: 'downloading', loadedBytes, totalBytes: 200e6, waiting: null })
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await expect.element(page.getByRole('link', { name: '60%' })).toBeVisible()
    watch.disconnect()
    expect([...said].filter((text) => text.includes('%'))).toEqual([
      'Downloading Ward assistant: 25%',
      'Downloading Ward assistant: 50%',
    ])
  })

  test('the keyboard stays with the model when a button gives way to progress and comes back', async () => {
    const desk = await open({ models: [half()] })
    ;(
      entry()
        .getByRole('button', { name: /^Resume/ })
        .element() as HTMLElement
    ).focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(entry().getByRole('button', { name: /^Pause/ })).toBeVisible()
    await expect.poll(() => document.activeElement?.textContent).toBe('Ward assistant')
    await userEvent.keyboard('{Tab}')
    await expect.poll(() => document.activeElement?.textContent.trim()).toBe('Pause')
    await userEvent.keyboard('{Enter}')
    await expect.element(entry().getByRole('button', { name: /^Resume/ })).toBeVisible()
    await expect.poll(() => document.activeElement?.textContent).toBe('Ward assistant')
    expect(desk.calls).toHaveLength(1)
  })

  test('pause keeps what has arrived', async () => {
    const desk = await open({ models: [half()], bytes: { 'own/ward-assistant': 86e6 } })
    await entry()
      .getByRole('button', { name: /^Resume/ })
      .click()
    await entry()
      .getByRole('button', { name: /^Pause/ })
      .click()
    await expect.element(entry()).toHaveTextContent('Stopped at 43%')
    await expect
      .poll(() => document.querySelector('header [role=status]')?.textContent)
      .toBe('Ward assistant: stopped.')
    expect(desk.calls.map(({ method }) => method)).not.toContain('remove')
  })

  test('cancel asks first when much would be lost, and at once deletes little', async () => {
    const desk = await open({ models: [half()], bytes: { 'own/ward-assistant': 86e6 } })
    await entry()
      .getByRole('button', { name: /^Resume/ })
      .click()
    await entry()
      .getByRole('button', { name: /^Cancel/ })
      .click()
    const dialog = page.getByRole('dialog', { name: 'Cancel Ward assistant?' })
    await expect.element(dialog).toHaveTextContent('86 MB have already arrived')
    expect(await axeViolations()).toEqual([])
    await dialog.getByRole('button', { name: 'Go on' }).click()
    expect(desk.calls.map(({ method }) => method)).not.toContain('remove')
    desk.call('resume').report({ kind: 'downloading', loadedBytes: 4e6, totalBytes: 200e6, waiting: null })
    await expect.element(entry()).toHaveTextContent('4 MB of 200 MB')
    await entry()
      .getByRole('button', { name: /^Cancel/ })
      .click()
    await expect.element(list().getByText('No model is stored yet')).toBeVisible()
  })

  test('a failure stays with its model: what happened, what to do, and the details in a fold', async () => {
    const desk = await open({ models: [half()] })
    await entry()
      .getByRole('button', { name: /^Resume/ })
      .click()
    const url = 'https://huggingface.co/example/model/params_shard_1.bin'
    await desk.call('resume').answer(failure({ kind: 'host-busy', url, status: 429 }))
    await expect
      .element(entry())
      .toHaveTextContent('huggingface.co is overloaded or limits downloads (HTTP 429).')
    await entry().getByText('Technical details').click()
    await expect.element(entry().getByText(url)).toBeVisible()
    expect(await axeViolations()).toEqual([])
    await entry().getByRole('button', { name: 'Dismiss' }).click()
    await expect.element(entry().getByText('overloaded')).not.toBeInTheDocument()
  })
})

describe('deleting', () => {
  test('says how much it frees; by keyboard, Escape keeps the model and its button the focus', async () => {
    const desk = await open({ models: [storedModel()] })
    const button = entry().getByRole('button', { name: /^Delete/ })
    ;(button.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    const dialog = page.getByRole('dialog', { name: 'Delete Ward assistant?' })
    await expect.element(dialog).toHaveTextContent('This frees 491 MB on this computer.')
    expect(await axeViolations()).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog).not.toBeInTheDocument()
    await expect.poll(() => document.activeElement).toBe(button.element())
    expect(desk.modelStore.models).toHaveLength(1)
    await userEvent.keyboard('{Enter}')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await expect.element(list().getByText('No model is stored yet')).toBeVisible()
    await expect.element(page.getByText('Ward assistant was deleted; 491 MB are free again.')).toBeVisible()
    await expect.poll(() => document.activeElement?.textContent).toBe('Your models')
  })
})

describe('keeping', () => {
  test('the browser is asked on request, and its answer shown', async () => {
    await open({ models: [storedModel()] })
    await expect.element(list()).toHaveTextContent('The browser may delete your models')
    await list().getByRole('button', { name: 'Keep them' }).click()
    await expect.element(list()).toHaveTextContent('The browser did not agree.')
  })

  test('a promise is told and nothing asked', async () => {
    await open({ persisted: true })
    await expect.element(list()).toHaveTextContent('The browser has promised to keep your models')
    expect(list().getByRole('button', { name: 'Keep them' }).elements()).toEqual([])
  })
})

describe('taking along', () => {
  test('the archive is handed to the browser’s downloads', async () => {
    const desk = await open({ models: [storedModel()] })
    await entry()
      .getByRole('button', { name: /^Export/ })
      .click()
    const dialog = page.getByRole('dialog', { name: 'Take Ward assistant along' })
    await expect.element(dialog).toHaveTextContent('It takes 491 MB.')
    expect(await axeViolations()).toEqual([])
    await dialog.getByRole('button', { name: 'As one file (.tar)' }).click()
    await desk.call('exportArchive').answer(success(new Blob(['pack'])))
    await expect.element(page.getByText(/The browser saves “ward-assistant.*\.tar”/)).toBeVisible()
  })
})

describe('every state at once', () => {
  const all = () => [
    storedModel({ lastUsedAt: Date.UTC(2026, 10, 21, 13) }),
    {
      ...half(),
      id: 'own/half' as StoredModelId,
      name: '半途而废的一个名字很长的模型 Llama-3.1-8B-Instruct-Anesthesiology',
    },
    { ...damaged(), id: 'own/damaged' as StoredModelId, name: 'Qwen2.5-7B-Instruct' },
    storedModel({
      id: 'qwen2.5-0.5b-instruct/q4_k_m' as StoredModelId,
      name: 'Qwen2.5-0.5B-Instruct',
      catalog: { modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4_k_m' },
    }),
  ]

  test.each([
    ['en', 360, 'light'],
    ['zh', 360, 'dark'],
    ['en', 1280, 'dark'],
    ['zh', 1280, 'light'],
  ] as [Language, number, string][])('%s, %i px, %s: fits and passes axe', async (language, width, theme) => {
    await page.viewport(width, 900)
    document.documentElement.dataset.theme = theme
    const desk = await open({ models: all(), language })
    await desk.modelStore.setMirror('https://mirror.example.org')
    void desk.modelStore.resume('own/half' as StoredModelId)
    const url = 'https://huggingface.co/a'
    await expect.poll(() => desk.calls).toHaveLength(1)
    desk.call('resume').report({
      ...{ kind: 'downloading', loadedBytes: 120e6, totalBytes: 200e6 },
      waiting: { reason: { kind: 'unreachable', url, detail: '' }, retryAt: Date.now() + 60_000 },
    })
    void desk.modelStore.resume('own/damaged' as StoredModelId)
    await expect.poll(() => desk.calls).toHaveLength(2)
    await desk.call('resume').answer(failure({ kind: 'storage-full', neededBytes: 4e9, availableBytes: 1e9 }))
    await expect.element(page.getByRole('article').nth(3)).toBeVisible()
    for (const fold of document.querySelectorAll('details')) fold.open = true
    await expect.element(page.getByRole('table').first()).toBeInTheDocument()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    expect(await axeViolations()).toEqual([])
  })
})
