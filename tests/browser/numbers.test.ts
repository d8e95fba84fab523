/** What a user sees of the numerical self-test, over an engine whose checks end when the test says so. */
import axe from 'axe-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page, userEvent } from 'vitest/browser'
import { EngineStore, type LosableEngine } from '#app/engine.svelte'
import { Notices } from '#app/notices.svelte'
import { Numerics } from '#app/numerics.svelte'
import type { Stores } from '#app/stores'
import type { DeviceCapabilities } from '#core/catalog/device'
import type { EngineResult, LoadRequest } from '#core/engine'
import { KERNEL_AS_IT_COMES } from '#core/numerics/settings'
import type { SelfTestReport } from '#core/numerics/types'
import { failure, success } from '#core/result'
import { Locale, type Language } from '#i18n/locale.svelte'
import RunNumbers from '#ui/numerics/RunNumbers.svelte'
import '#ui/theme.css'
import { DESKTOP, withGpu } from '../fixtures/device'
import { onGpu, report, WRONG_APPENDS } from '../numerics'
import NumbersHarness from './NumbersHarness.svelte'
import StoresHarness from './StoresHarness.svelte'

const MODEL = { id: 'qwen/f16', name: 'Qwen2.5' }
const REQUEST: LoadRequest = {
  engine: 'webllm',
  source: { kind: 'scripted', replies: ['A'], tokensPerSecond: 1 },
  contextTokens: 10,
}

let stored: Map<string, unknown>
beforeEach(() => void (stored = new Map()))

interface Check {
  known: SelfTestReport | null
  report(fraction: number): void
  end(result: EngineResult<SelfTestReport>): void
}

async function open(device: DeviceCapabilities, language: Language = 'en') {
  const checks: Check[] = []
  const none = () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' } as const))
  const engine: LosableEngine = {
    onLost: () => undefined,
    load: () => Promise.resolve(success(onGpu({ mergeBarrier: 'inserted', selfTest: null }))),
    generate: none,
    scoreLetters: none,
    scoreReward: none,
    renderPrompt: none,
    checkNumbers: (known, onProgress, signal) =>
      new Promise((end) => {
        signal.addEventListener('abort', () => end(failure({ kind: 'aborted' })))
        if (known) end(success(known))
        checks.push({ known, report: onProgress, end })
      }),
    unload: () => Promise.resolve(),
    kill: () => undefined,
  }
  const store: EngineStore = new EngineStore(engine, { settleNumbers: (load) => numerics.settle(load) })
  const numerics = new Numerics({
    preferences: {
      get: (name) => Promise.resolve(stored.get(name)),
      set: (name, value) => Promise.resolve(void stored.set(name, structuredClone(value))),
    },
    engine: store,
    device: () => device,
    userAgent: 'Browser/1',
  })
  await numerics.restore()
  const stores = {
    locale: new Locale(language),
    engine: store,
    models: { transfer: null, cancelLoad: () => store.cancelLoad() },
  } as unknown as Stores
  await render(NumbersHarness, { stores, numerics })
  return { checks, load: () => store.load(MODEL, REQUEST) }
}

const shown = (text: string | RegExp) => expect.element(page.getByText(text).first()).toBeVisible()
const press = (name: string) => page.getByRole('button', { name }).click()

async function axeViolations() {
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: {
      region: { enabled: false },
      'document-title': { enabled: false },
      'html-has-lang': { enabled: false },
      'page-has-heading-one': { enabled: false },
    },
  })
  return violations.map(({ id }) => id)
}

describe('on a graphics unit', () => {
  test('a load ends with the check, whose result is taken over by the next load', async () => {
    const { checks, load } = await open(DESKTOP)
    const loading = load()
    await shown('Checking the numbers of the graphics unit')
    checks[0]?.report(0.5)
    await expect.element(page.getByRole('progressbar')).toHaveAttribute('value', '0.5')
    checks[0]?.end(success(report()))
    await loading
    await shown(/all ways of reading agree within 0\.00005; 0\.001 is allowed/)
    expect(await load()).toMatchObject({ value: { numerics: { selfTest: report() } } })
    expect(checks.map(({ known }) => known)).toEqual([null, report()])
  })

  test('the check can be put off, and what it finds later says what it means', async () => {
    const { checks, load } = await open(DESKTOP)
    const loading = load()
    await press('Later')
    expect(await loading).toMatchObject({ ok: true })
    await shown(/The check takes seconds/)
    expect(stored.size).toBe(0)
    await press('Check now')
    await press('Later')
    await shown('The check was ended before it was done.')
    await press('Check now')
    checks.at(-1)?.end(success(WRONG_APPENDS))
    await shown('This graphics unit computes some things wrongly; Somnus avoids them')
    await shown(/a long one token by token/)
    await page.getByText('What was tested').click()
    await expect.element(page.getByRole('row', { name: /In two pieces/ })).toHaveTextContent('6.3')
    expect(await axeViolations()).toEqual([])
    expect(JSON.stringify([...stored.values()])).toContain('6.3')
  })

  test('wrong steps are called by their name, in Chinese too', async () => {
    const { checks, load } = await open(DESKTOP, 'zh')
    const loading = load()
    await shown('正在检查图形处理器的计算结果')
    checks[0]?.end(
      success(report({ differences: { 'two-chunks': 2, 'one-by-one': null, 'after-pop': null } })),
    )
    await loading
    await shown('本机图形处理器无法正确计算此模型')
    await shown(/请勿依赖模型在此图形处理器上的回答或评分/)
  })
})

test('where WebGPU is emulated, nothing is tested unasked', async () => {
  const { checks, load } = await open(withGpu({ software: true }))
  await load()
  await shown(/so the check takes several minutes/)
  expect(checks).toEqual([])
  await press('Check now')
  checks[0]?.end(success(report()))
  await shown('Numbers checked.')
  await load()
  expect(checks.at(-1)?.known).toEqual(report())
})

test('the kernel’s correction is switched off with the keyboard, and stays off', async () => {
  await open(DESKTOP)
  const box = page.getByRole('switch', { name: 'Correct WebLLM’s attention kernel' })
  await expect.element(box).toBeChecked()
  await userEvent.tab()
  await userEvent.keyboard(' ')
  await expect.element(box).not.toBeChecked()
  await expect.poll(() => stored.get(KERNEL_AS_IT_COMES)).toBe(true)
})

test.each<[string, SelfTestReport | null | undefined, RegExp]>([
  ['failed', report({ differences: { 'two-chunks': 2, 'one-by-one': 2, 'after-pop': 2 } }), /Do not rely on/],
  ['failed in ways that were avoided', WRONG_APPENDS, /computes some things wrongly/],
  ['was not made', null, /was not tested/],
  ['came later than the run', undefined, /before Somnus tested it/],
])('a result says that the self-test of its device %s', async (_, selfTest, expected) => {
  const engine = onGpu(selfTest === undefined ? undefined : { mergeBarrier: 'inserted', selfTest })
  const stores = { locale: new Locale('en'), notices: new Notices() } as Partial<Stores> as Stores
  await render(StoresHarness, {
    stores,
    components: [RunNumbers],
    given: { engines: [engine, onGpu({ mergeBarrier: 'inserted', selfTest: report() })] },
  })
  await shown(expected)
})
