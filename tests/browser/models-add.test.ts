import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { ModelPlan, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { Language } from '#i18n/locale.svelte'
import '../../src/ui/theme.css'
import ModelsHarness from './ModelsHarness.svelte'
import { modelPlan, openDesk, storedModel, type Desk, type DeskOptions } from './models-fixture'

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

async function open(options: DeskOptions = {}): Promise<Desk> {
  const desk = await openDesk(options)
  await render(ModelsHarness, { stores: desk.stores })
  return desk
}

const panel = () => page.getByRole('region', { name: 'Add a model' })
const dialog = () => page.getByRole('dialog', { name: 'Add this model?' })
const gguf = () => new File(['GGUF'], 'ward.gguf')

async function chooseFile(file = gguf()) {
  await userEvent.upload(document.querySelector('input[accept=".gguf,.tar"]')!, file)
}

async function axeViolations() {
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    // The harness is a page without the shell's title and language.
    rules: {
      region: { enabled: false },
      'document-title': { enabled: false },
      'html-has-lang': { enabled: false },
    },
  })
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

describe('from a disk', () => {
  test('a file is looked at, shown, named and copied in; the list has the keyboard then', async () => {
    const desk = await open()
    await chooseFile()
    await expect.element(panel().getByText('Looking at what is there…')).toBeVisible()
    const [files] = desk.call('inspectFiles').args as [{ path: string; file: File }[]]
    expect(files.map(({ path, file }) => [path, file.name])).toEqual([['ward.gguf', 'ward.gguf']])
    await desk.call('inspectFiles').answer(success(modelPlan()))
    await expect.element(dialog()).toHaveTextContent('GGUF file, runs on the processor')
    await expect.element(dialog()).toHaveTextContent('491 MB in 1 file')
    await expect.element(dialog()).toHaveTextContent('qwen2 · 494M parameters')
    await expect.element(dialog()).toHaveTextContent('Runs here')
    expect(await axeViolations()).toEqual([])
    await dialog().getByLabelText('Name').fill('Ward two')
    await dialog().getByRole('button', { name: 'Import' }).click()
    const [plan] = desk.call('importFiles').args as [ModelPlan]
    expect(plan).toEqual(modelPlan({ name: 'Ward two' }))
    await expect.poll(() => document.activeElement?.textContent).toBe('Your models')
    desk.call('importFiles').report({ kind: 'copying', doneBytes: 100e6, totalBytes: 491e6 })
    await expect.element(page.getByText('100 MB of 491 MB')).toBeVisible()
    const stored = storedModel({ name: 'Ward two' })
    desk.keep([stored])
    await desk.call('importFiles').answer(success(stored))
    await expect.element(page.getByText('Ward two is stored and checked.')).toBeVisible()
    await expect.element(page.getByRole('article', { name: 'Ward two' })).toBeVisible()
  })

  test('what is no model is explained, and another file can be chosen', async () => {
    const desk = await open()
    await chooseFile()
    const missing = ['mlc-chat-config.json', 'tensor-cache.json']
    await desk.call('inspectFiles').answer(failure({ kind: 'not-a-model', missing }))
    const alert = panel().getByRole('alert')
    await expect.element(alert).toHaveTextContent('Missing: mlc-chat-config.json and tensor-cache.json.')
    expect(await axeViolations()).toEqual([])
    await chooseFile()
    await expect.element(alert).not.toBeInTheDocument()
  })

  test('a library that is missing can be given for the files already chosen', async () => {
    const desk = await open()
    await chooseFile()
    const reason = { architecture: 'qwen2', quantization: 'q4f16_1', shape: '24 × 896' }
    await desk.call('inspectFiles').answer(failure({ kind: 'no-library', ...reason }))
    await expect.element(panel()).toHaveTextContent('No compiled library is known for this model')
    await expect.element(panel().getByRole('button', { name: 'Choose a library file…' })).toBeVisible()
    await userEvent.upload(document.querySelector('input[accept=".wasm"]')!, new File(['\0asm'], 'own.wasm'))
    const [files, library] = desk.call('inspectFiles').args as [unknown[], File]
    expect([files.length, library.name]).toEqual([1, 'own.wasm'])
  })

  test('the dialog has the keyboard, and gives it back to where it was begun', async () => {
    const desk = await open()
    await chooseFile()
    await desk.call('inspectFiles').answer(success(modelPlan()))
    await expect.poll(() => document.activeElement?.textContent).toBe('Add this model?')
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.activeElement?.textContent).toMatch(/^Choose a f/)
    await panel().getByLabelText('Repository or address').fill('owner/name')
    await userEvent.keyboard('{Enter}')
    await desk.call('look').answer(failure({ kind: 'offline', url: 'https://huggingface.co/' }))
    await panel().getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => document.activeElement?.tagName).toBe('INPUT')
  })

  test('a drop is taken like a choice', async () => {
    const desk = await open()
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(gguf())
    document
      .querySelector('.drop')!
      .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    await expect.poll(() => desk.calls.map(({ method }) => method)).toEqual(['inspectFiles'])
  })

  test('a failed import that left nothing is explained where it was begun', async () => {
    const desk = await open()
    await chooseFile()
    await desk.call('inspectFiles').answer(success(modelPlan()))
    await dialog().getByRole('button', { name: 'Import' }).click()
    await desk
      .call('importFiles')
      .answer(failure({ kind: 'file-unreadable', path: 'ward.gguf', detail: 'NotReadableError' }))
    await expect.element(panel().getByRole('alert')).toHaveTextContent('“ward.gguf” can no longer be read.')
  })

  test('without room the import is not offered', async () => {
    const desk = await open({ quotaBytes: 100e6 })
    await chooseFile()
    await desk.call('inspectFiles').answer(success(modelPlan()))
    await expect.element(dialog()).toHaveTextContent('It needs 491 MB, but only about 98 MB are free.')
    await expect.element(dialog().getByRole('button', { name: 'Import' })).toBeDisabled()
  })
})

describe('from an address', () => {
  const remote = () =>
    modelPlan({
      origin: {
        kind: 'remote',
        address: 'https://huggingface.co/owner/name',
        revision: '0123456789abcdef0123456789abcdef01234567',
      },
    })

  test('what is no address is said beside the field', async () => {
    const desk = await open()
    await panel().getByLabelText('Repository or address').fill('qwen')
    await userEvent.keyboard('{Enter}')
    await expect.element(panel()).toHaveTextContent('Enter a repository such as owner/name')
    expect(desk.calls).toEqual([])
    expect(await axeViolations()).toEqual([])
  })

  test('a repository is checked, shown with its revision, then downloaded, with the keyboard alone', async () => {
    const desk = await open()
    await panel().getByLabelText('Repository or address').fill(' owner/name ')
    await userEvent.keyboard('{Enter}')
    expect(desk.call('look').args[0]).toEqual({
      ...{ address: 'owner/name', libraryUrl: null, family: null },
      access: { mirror: null, token: null },
    })
    await desk.call('look').answer(success({ kind: 'model', plan: remote() }))
    await expect.element(dialog()).toHaveTextContent('https://huggingface.co/owner/name (0123456)')
    expect(await axeViolations()).toEqual([])
    ;(dialog().getByRole('button', { name: 'Download (491 MB)' }).element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    expect((desk.call('download').args[0] as ModelPlan).id).toBe('own/ward-assistant')
  })

  test.each(['en', 'zh'] as Language[])(
    '%s: an adapter leads to the weights it belongs to',
    async (language) => {
      const desk = await open({ language })
      const { rewardModel: texts, store } = desk.stores.locale.t
      const address = page.getByLabelText(store.address)
      await address.fill('owner/prm')
      await userEvent.keyboard('{Enter}')
      await desk.call('look').answer(success({ kind: 'adapter', base: 'owner/base' }))
      await expect.element(page.getByText(texts.adapterFound)).toBeVisible()
      expect(await axeViolations()).toEqual([])
      await page.getByRole('button', { name: texts.adapterMerge('owner/base') }).click()
      const asked = { address: 'owner/base', libraryUrl: null, family: null, adapters: ['owner/prm'] }
      expect(desk.call('look').args[0]).toMatchObject(asked)
      await desk.call('look').answer(failure({ kind: 'address-invalid', address: 'owner/base' }))
      await expect.element(address).toHaveValue('owner/base')
      await expect.element(page.getByLabelText(texts.adapterAddress)).toHaveValue('owner/prm')
      expect(await axeViolations()).toEqual([])

      // An adapter that names no repository stays in its field; what it belongs to is asked for.
      await address.fill('owner/lone')
      await page.getByLabelText(texts.adapterAddress).fill('')
      await address.click()
      await userEvent.keyboard('{Enter}')
      expect(desk.call('look').args[0]).not.toHaveProperty('adapters')
      await desk.call('look').answer(success({ kind: 'adapter', base: null }))
      await page.getByRole('button', { name: texts.adapterWithout }).click()
      await expect.element(address).toHaveFocus()
      await expect.element(page.getByLabelText(texts.adapterAddress)).toHaveValue('owner/lone')
      await expect.element(page.getByText(texts.adapterFound)).not.toBeInTheDocument()
      // What is no address is said at its own field.
      await address.fill('owner/base')
      await page.getByLabelText(texts.adapterAddress).fill('lone')
      await userEvent.keyboard('{Enter}')
      await expect.element(page.getByLabelText(texts.adapterAddress)).toHaveFocus()
      await expect.element(page.getByLabelText(texts.adapterAddress)).toHaveAttribute('aria-invalid', 'true')
    },
  )

  test('looking can be given up', async () => {
    const desk = await open()
    await panel().getByLabelText('Repository or address').fill('owner/name')
    await panel().getByRole('button', { name: 'Check' }).click()
    await panel().getByRole('button', { name: 'Cancel' }).click()
    await expect.element(panel().getByText('Looking at what is there…')).not.toBeInTheDocument()
    expect((desk.call('look').args.find((arg) => arg instanceof AbortSignal) as AbortSignal).aborted).toBe(
      true,
    )
  })
})

describe('the mirror', () => {
  test('is told by its host wherever something comes from it; what is no address is refused', async () => {
    const desk = await open()
    await panel().getByText('Download from a mirror').click()
    const field = panel().getByLabelText('Address of the mirror')
    await field.fill('mirror.example.org')
    await panel().getByRole('button', { name: 'Use this mirror' }).click()
    await expect.element(panel()).toHaveTextContent('Enter an address that begins with https:// or http://.')
    await field.fill('https://mirror.example.org/')
    await panel().getByRole('button', { name: 'Use this mirror' }).click()
    await expect.element(panel()).toHaveTextContent('Downloads now come from mirror.example.org.')
    expect(desk.modelStore.mirror).toBe('https://mirror.example.org')
    await expect
      .element(page.getByRole('region', { name: 'Qwen2.5-0.5B-Instruct' }))
      .toHaveTextContent('from your mirror mirror.example.org')
    expect(await axeViolations()).toEqual([])
    await panel().getByRole('button', { name: 'Use no mirror' }).click()
    expect(desk.modelStore.mirror).toBeNull()
  })
})

describe('a card of the catalogue', () => {
  const card = () => page.getByRole('region', { name: 'Qwen2.5-0.5B-Instruct' })
  const id = 'qwen2.5-0.5b-instruct/q4_k_m' as StoredModelId
  const catalog = { modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4_k_m' }
  const stored = (changes = {}) => storedModel({ id, name: 'Qwen2.5-0.5B-Instruct', catalog, ...changes })

  test('names size and host before a download, shows it, and loads when it is complete', async () => {
    const desk = await open()
    await expect.element(card()).toHaveTextContent('Fetches about 491 MB from huggingface.co')
    await card().getByRole('button', { name: 'Download and load (491 MB)' }).click()
    await expect.poll(() => desk.calls.map(({ method }) => method)).toEqual(['download'])
    desk
      .call('download')
      .report({ kind: 'downloading', loadedBytes: 211e6, totalBytes: 491e6, waiting: null })
    await expect.element(card()).toHaveTextContent('211 MB of 491 MB')
    await card()
      .getByRole('button', { name: /^Pause/ })
      .click()
    await expect.element(card().getByRole('button', { name: 'Download and load (491 MB)' })).toBeVisible()
    expect(card().getByRole('alert').elements()).toEqual([])
  })

  test('goes on with what is stored', async () => {
    const files = [{ ...stored().files[0]!, state: 'absent' as const, sha256: null }]
    await open({ models: [stored({ files })], bytes: { [id]: 211e6 } })
    await expect.element(card().getByRole('button', { name: 'Resume download (42%)' })).toBeVisible()
  })

  test('loads what is stored without a network', async () => {
    const desk = await open({ models: [stored()] })
    await expect.element(card()).toHaveTextContent('Stored in this browser: loads without a network.')
    await card().getByRole('button', { name: 'Load Qwen2.5-0.5B-Instruct' }).click()
    await expect.poll(() => desk.calls.map(({ method }) => method)).toEqual(['engineFiles'])
    await desk.call('engineFiles').answer(failure({ kind: 'busy-elsewhere' }))
    await expect
      .element(card().getByRole('alert'))
      .toHaveTextContent('Another tab or window is working on this model.')
  })
})

describe('in Chinese on a phone', () => {
  test.each(['zh', 'en'] as Language[])('%s: the review fits and passes axe', async (language) => {
    await page.viewport(360, 740)
    const desk = await open({ language })
    await chooseFile()
    const files = Array.from({ length: 30 }, (_, index) => ({
      ...modelPlan().files[0]!,
      path: `params_shard_${String(index)}.bin`,
    }))
    await desk.call('inspectFiles').answer(
      success(
        modelPlan({
          name: 'Llama-3.1-8B-Instruct-Anesthesiology-q4f16_1-MLC',
          runtime: { engine: 'webllm', requiresShaderF16: true, largestTensorBytes: 260e6 },
          origin: { kind: 'pack', name: 'stick', address: 'https://huggingface.co/a/b', revision: 'main' },
          files,
        }),
      ),
    )
    await expect.element(page.getByRole('dialog')).toBeVisible()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
    const body = document.querySelector('dialog .body')!
    expect(body.scrollWidth).toBeLessThanOrEqual(body.clientWidth)
    expect(await axeViolations()).toEqual([])
  })
})
