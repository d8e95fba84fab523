/** A chosen checkpoint is shown, converted and listed, over a hand-driven worker. */
import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { CheckpointReview } from '#core/convert/stored-plan'
import type { ModelFile, ModelPlan, StoredModel, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { Language } from '#i18n/locale.svelte'
import '../../src/ui/theme.css'
import ModelsHarness from './ModelsHarness.svelte'
import { modelPlan, openDesk, storedFile, storedModel, type Desk, type DeskOptions } from './models-fixture'

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

async function open(options: DeskOptions = {}): Promise<Desk> {
  const desk = await openDesk(options)
  await render(ModelsHarness, { stores: desk.stores })
  const dataTransfer = new DataTransfer()
  for (const name of ['config.json', 'model.safetensors', 'tokenizer.json'])
    dataTransfer.items.add(new File(['{}'], name))
  document
    .querySelector('.drop')!
    .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  await expect.poll(() => desk.calls.map(({ method }) => method)).toEqual(['inspectCheckpoint'])
  return desk
}

const WEIGHTS: ModelFile = {
  ...{ path: 'params_shard_0.bin', role: 'weights', bytes: 290e6, expected: null, url: null },
}
const LIBRARY: ModelFile = {
  ...{
    path: 'Ward.wasm',
    role: 'library',
    bytes: null,
    expected: null,
    url: 'https://example.org/Ward.wasm',
  },
}

function offer(quantization: string, bytes: number, files: ModelFile[] = []): { plan: ModelPlan } {
  const requiresShaderF16 = quantization.includes('f16')
  const runtime = { engine: 'webllm', requiresShaderF16, largestTensorBytes: 68e6 } as const
  const id = `own/ward-${quantization}` as StoredModelId
  const given = { id, name: 'Ward-0.5B', quantization, runtime }
  return { plan: modelPlan({ ...given, files: [{ ...WEIGHTS, bytes }, ...files] }) }
}

const REVIEW: CheckpointReview = {
  name: 'Ward-0.5B',
  sourceBytes: 988e6,
  remote: null,
  family: 'chatml',
  differences: [
    {
      probe: 'blanks',
      checkpoint: { kind: 'written', prompt: '<|im_start|>user\nTRIMMED<|im_end|>' },
      derived: '<|im_start|>user\n KEPT <|im_end|>',
    },
    { probe: 'system', checkpoint: { kind: 'refused', reason: 'no system messages' }, derived: 'SYSTEM' },
  ],
  offers: [offer('q4f16_1', 280e6, [LIBRARY]), offer('q4f32_1', 310e6, [LIBRARY]), offer('q0f32', 1976e6)],
}

const dialog = () => page.getByRole('dialog', { name: 'Convert this model?' })

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

test('says what it is and what it will be, then converts it as chosen', async () => {
  const desk = await open()
  await desk.call('inspectCheckpoint').answer(success(REVIEW))
  // This computer has no graphics unit that calculates with 16-bit numbers.
  await expect.element(dialog().getByLabelText('Quantization')).toHaveValue('q4f32_1')
  await expect.element(dialog()).toHaveTextContent('988 MB')
  await expect.element(dialog()).toHaveTextContent('not among the files: fetched from example.org')
  await expect.element(dialog()).toHaveTextContent('chatml: 2 kinds of conversation written otherwise')
  await dialog().getByText('Show the differences').click()
  await expect.element(dialog().getByText('TRIMMED')).toBeVisible()
  await expect.element(dialog().getByText('It refuses this: no system messages')).toBeVisible()
  await expect.element(dialog()).not.toHaveTextContent('could not be loaded')
  await dialog().getByLabelText('Quantization').selectOptions('q0f32')
  await expect.element(dialog()).toHaveTextContent('could not be loaded until you add a library')
  await dialog().getByLabelText('Name').fill('Ward')
  await dialog().getByRole('button', { name: 'Convert' }).click()
  const [plan, files] = desk.call('convertFiles').args as [ModelPlan, { path: string }[]]
  expect(plan).toEqual({ ...REVIEW.offers[2]!.plan, name: 'Ward' })
  expect(files.map(({ path }) => path)).toEqual(['config.json', 'model.safetensors', 'tokenizer.json'])
})

test('shows each tensor, can be paused, and lists what cannot be loaded as such', async () => {
  const desk = await open()
  await desk.call('inspectCheckpoint').answer(success(REVIEW))
  await dialog().getByRole('button', { name: 'Convert' }).click()
  const { plan } = REVIEW.offers[1]!
  const files = [storedFile('params_shard_0.bin', 310e6, { url: null, state: 'absent', sha256: null })]
  const half = storedModel({ ...plan, files, completedAt: null, fingerprint: null })
  desk.keep([half])
  desk.call('convertFiles').report({
    ...{ kind: 'converting', tensor: 'model.layers.3.mlp.down_proj', doneBytes: 247e6, totalBytes: 988e6 },
    waiting: null,
  })
  await expect.element(page.getByText('Converting model.layers.3.mlp.down_proj')).toBeVisible()
  await expect.element(page.getByText('247 MB of 988 MB')).toBeVisible()
  desk.keep([{ ...half, files: [storedFile('params_shard_0.bin', 310e6)], completedAt: 1, verifiedAt: 1 }])
  await page.getByRole('button', { name: 'Pause the conversion of Ward-0.5B' }).click()
  const entry = page.getByRole('article', { name: 'Ward-0.5B' })
  await expect.element(entry).toHaveTextContent('Complete, but no library is known that runs it.')
  expect(entry.getByRole('button', { name: 'Load' }).elements()).toEqual([])
})

test('what is wrong with a checkpoint is said where it was chosen', async () => {
  const desk = await open()
  await desk
    .call('inspectCheckpoint')
    .answer(failure({ kind: 'checkpoint-incomplete', missing: ['model-2-of-2.safetensors'] }))
  await expect
    .element(page.getByRole('region', { name: 'Add a model' }).getByRole('alert'))
    .toHaveTextContent('model-2-of-2.safetensors')
})

const REMOTE: CheckpointReview = { ...REVIEW, remote: { host: 'hub.example', bytesPerSecond: 10e6 } }
const DENIED = { kind: 'access-denied', url: 'https://huggingface.co/api/models/a/b', status: 401 } as const

function checkpointModel(address: string | null, changes: Partial<StoredModel> = {}): StoredModel {
  const { plan } = REVIEW.offers[1]!
  const files = [
    storedFile('params_shard_0.bin', 155e6, { url: null }),
    storedFile('params_shard_1.bin', 155e6, { url: null, state: 'absent', sha256: null }),
  ]
  const conversion = { address, family: null, libraryUrl: null, files: [] }
  return storedModel({ ...plan, files, conversion, completedAt: null, fingerprint: null, ...changes })
}

async function visit(options: DeskOptions = {}): Promise<Desk> {
  const desk = await openDesk(options)
  await render(ModelsHarness, { stores: desk.stores })
  return desk
}

const card = (name: string) => page.getByRole('region', { name })

describe('original weights at an address', () => {
  test('on the card of Morpheus are a button that shows all there is to know first', async () => {
    const desk = await visit()
    await expect.element(card('Morpheus-7B')).toHaveTextContent('Fetches about 15 GB from huggingface.co')
    await expect.element(card('Morpheus-7B')).toHaveTextContent('stores about 4.8 GB (q4f32_1)')
    await card('Morpheus-7B')
      .getByRole('button', { name: /^Convert from the original weights/ })
      .click()
    const address = 'https://huggingface.co/MiliLab/Morpheus-7B'
    expect(desk.call('look').args[0]).toMatchObject({ address, family: null })
    await expect.element(page.getByLabelText('Repository or address')).toHaveValue(address)
    await desk.call('look').answer(success({ kind: 'checkpoint', review: REMOTE }))
    await expect.element(dialog()).toHaveTextContent('988 MB from hub.example')
    await expect.element(dialog()).toHaveTextContent('about 2 min at the speed of just now (10 MB/s)')
    await expect.element(dialog()).toHaveTextContent('they are never stored as a whole')
    await dialog().getByRole('button', { name: 'Convert' }).click()
    const [plan, access] = desk.call('convertRemote').args
    expect(plan).toEqual(REMOTE.offers[1]!.plan)
    expect(access).toEqual({ mirror: null, token: null })
  })

  test('that were converted are on the card as a model to load', async () => {
    const files = [
      storedFile('params_shard_0.bin', 310e6, { url: null }),
      storedFile('library.wasm', 5e6, { role: 'library' }),
    ]
    const whole = { files, completedAt: 1, verifiedAt: 1, fingerprint: '5'.repeat(64) }
    await visit({ models: [checkpointModel('MiliLab/morpheus-7b', whole)] })
    await expect.element(card('Morpheus-7B')).toHaveTextContent('Converted on this computer (q4f32_1).')
    await expect.element(card('Morpheus-7B').getByRole('button', { name: 'Load Morpheus-7B' })).toBeVisible()
  })

  test('of a size for which no library exists are said to have none before anything starts', async () => {
    const desk = await visit()
    await expect.element(card('Morpheus-14B')).toHaveTextContent('No library for browsers yet')
    await card('Morpheus-14B')
      .getByRole('button', { name: /^Convert/ })
      .click()
    const review = { ...REMOTE, offers: [offer('q4f32_1', 9e9)] }
    await desk.call('look').answer(success({ kind: 'checkpoint', review }))
    await expect.element(dialog()).toHaveTextContent('No published library runs this model')
  })

  test('that are in no public place are chosen from a folder', async () => {
    await visit()
    await card('Hypnos').getByRole('button', { name: 'Choose the folder of your weights' }).click()
    await expect.poll(() => document.activeElement?.textContent).toMatch(/^Choose a folder/)
  })
})

test('a paused conversion goes on from its address, and from a folder as long as the page is open', async () => {
  const desk = await visit({ models: [checkpointModel('owner/name')] })
  const entry = page.getByRole('article', { name: 'Ward-0.5B' })
  await expect.element(entry).toHaveTextContent('Conversion stopped at 50%; what is done is kept.')
  await entry.getByRole('button', { name: 'Go on converting Ward-0.5B' }).click()
  expect(desk.call('resume').args[1]).toEqual({ mirror: null, token: null })
  expect(desk.modelStore.jobs).toMatchObject([{ kind: 'convert' }])
  cleanup()

  const folder = await open()
  await folder.call('inspectCheckpoint').answer(success(REVIEW))
  await dialog().getByRole('button', { name: 'Convert' }).click()
  folder.keep([checkpointModel(null)])
  await page.getByRole('button', { name: 'Pause the conversion of Ward-0.5B' }).click()
  await entry.getByRole('button', { name: 'Go on converting Ward-0.5B' }).click()
  const calls = folder.calls.filter(({ method }) => method === 'convertFiles')
  expect(calls.map(({ args }) => args.slice(0, 3))).toEqual([
    calls[0]!.args.slice(0, 3),
    calls[0]!.args.slice(0, 3),
  ])
  cleanup()

  await visit({ models: [checkpointModel(null)] })
  await expect.element(entry).toHaveTextContent('choose the folder with the original weights again')
  expect(entry.getByRole('button', { name: /^Go on/ }).elements()).toEqual([])
})

test('how to add a library is told by where the weights came from', async () => {
  const whole = {
    files: [storedFile('params_shard_0.bin', 310e6, { url: null })],
    completedAt: 1,
    verifiedAt: 1,
  }
  const entry = page.getByRole('article', { name: 'Ward-0.5B' })
  await visit({ models: [checkpointModel('owner/name', whole)] })
  await expect.element(entry).toHaveTextContent('Enter the weights’ address again')
  cleanup()
  await visit({ models: [checkpointModel(null, whole)] })
  await expect.element(entry).toHaveTextContent('the checkpoint’s folder again')
})

test('where the kind of conversation is not recognised, the user names it', async () => {
  const desk = await open()
  const unknown = { path: 'tokenizer_config.json', families: ['chatml', 'llama-2'], nearest: 'x' }
  await desk.call('inspectCheckpoint').answer(failure({ kind: 'chat-template-unknown', ...unknown }))
  await page.getByLabelText('Kind of conversation').selectOptions('llama-2')
  expect(await axeViolations()).toEqual([])
  await page.getByRole('button', { name: 'Go on with this kind' }).click()
  expect(desk.call('inspectCheckpoint').args[2]).toBe('llama-2')
  await desk.call('inspectCheckpoint').answer(success(REVIEW))
  await expect.element(dialog()).toBeVisible()
})

describe('a token', () => {
  const form = () => page.getByRole('form', { name: 'An access token for huggingface.co' })

  test('is asked for where one is needed, and lent to the one model', async () => {
    const desk = await visit()
    await page.getByLabelText('Repository or address').fill('owner/name')
    await page.getByRole('button', { name: 'Check' }).click()
    await desk.call('look').answer(failure(DENIED))
    await expect.element(form().getByLabelText('Access token')).toHaveAttribute('type', 'password')
    expect(await axeViolations()).toEqual([])
    await form().getByLabelText('Access token').fill(' hf_abc ')
    await form().getByRole('button', { name: 'Try with this token' }).click()
    const token = { origin: 'https://huggingface.co', token: 'hf_abc' }
    expect(desk.call('look').args[0]).toMatchObject({ access: { token } })
    await desk.call('look').answer(success({ kind: 'checkpoint', review: REMOTE }))
    await dialog().getByRole('button', { name: 'Convert' }).click()
    expect(desk.call('convertRemote').args[1]).toEqual({ mirror: null, token })
    expect(desk.modelStore.tokens.origins).toEqual([])
  })

  test('that a paused conversion lacks is asked for there', async () => {
    const desk = await visit({ models: [checkpointModel('owner/name')] })
    await page.getByRole('button', { name: 'Go on converting Ward-0.5B' }).click()
    await desk.call('resume').answer(failure(DENIED))
    await expect.element(form()).toBeVisible()
    // It is asked for right here.
    await expect
      .element(page.getByRole('article', { name: 'Ward-0.5B' }))
      .not.toHaveTextContent('Add a model')
    await form().getByLabelText('Access token').fill('hf_abc')
    await form().getByLabelText('Remember on this computer').click()
    await form().getByRole('button', { name: 'Try with this token' }).click()
    await expect
      .poll(() => desk.call('resume').args[1])
      .toMatchObject({ token: { origin: 'https://huggingface.co', token: 'hf_abc' } })
    expect(desk.modelStore.tokens.origins).toEqual(['https://huggingface.co'])
  })
})

test.each(['en', 'zh'] as Language[])('%s: the review fits a phone and passes axe', async (language) => {
  await page.viewport(360, 740)
  const desk = await open({ language })
  await desk.call('inspectCheckpoint').answer(success(REVIEW))
  await expect.element(page.getByRole('dialog')).toBeVisible()
  document.querySelector<HTMLElement>('dialog details summary')!.click()
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
  const body = document.querySelector('dialog .body')!
  expect(body.scrollWidth).toBeLessThanOrEqual(body.clientWidth)
  expect(await axeViolations()).toEqual([])
})
