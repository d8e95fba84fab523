import type { DeviceCapabilities } from '#core/catalog/device'
import type { EngineDescription, EngineResult } from '#core/engine'
import { isReferenceFor } from '#core/numerics/golden-letters'
import {
  hasTriedLetters,
  readKnownResults,
  resultFor,
  resultKey,
  withoutResult,
  withResult,
  type KnownResult,
} from '#core/numerics/known-results'
import { SELF_TEST_VERSION } from '#core/numerics/self-test'
import { KERNEL_AS_IT_COMES, KNOWN_RESULTS } from '#core/numerics/settings'
import type { SelfTestReport } from '#core/numerics/types'
import type { Preferences } from '#data/db/preferences'
import type { EngineStore, UncheckedLoad } from './engine.svelte'

export interface NumericsPorts {
  preferences: Pick<Preferences, 'get' | 'set'>
  engine: Pick<EngineStore, 'state' | 'checkNumbers'>
  /** Null before it has been measured. */
  device: () => DeviceCapabilities | null
  userAgent: string
  /** Tells the user that a check failed in use. */
  tellOfFailedCheck?: (loaded: EngineDescription) => void
}

export async function openNumerics(ports: NumericsPorts): Promise<Numerics> {
  const numerics = new Numerics(ports)
  await numerics.restore()
  return numerics
}

/** Whether the graphics unit's numbers are right: when that is tested, and what is known of it in this browser. */
export class Numerics {
  readonly #ports: NumericsPorts
  #kernelAsItComes = $state(false)
  /** Whether the test of what was loaded last asks known letters. */
  #asksLetters = false

  constructor(ports: NumericsPorts) {
    this.#ports = ports
  }

  async restore(): Promise<void> {
    this.#kernelAsItComes = (await this.#ports.preferences.get(KERNEL_AS_IT_COMES)) === true
  }

  /** Whether WebLLM's attention kernel gets its barrier at the next load. */
  get correctsKernel(): boolean {
    return !this.#kernelAsItComes
  }

  async correctKernel(correct: boolean): Promise<void> {
    this.#kernelAsItComes = !correct
    await this.#ports.preferences.set(KERNEL_AS_IT_COMES, !correct)
  }

  /** Whether a test takes seconds, so that it need not be asked for: on a real graphics unit. */
  get testsByItself(): boolean {
    const webgpu = this.#ports.device()?.webgpu
    return webgpu?.kind === 'available' && !webgpu.software
  }

  /** The last step of a load: takes over what is known, else tests. */
  async settle({ loaded, request, check }: UncheckedLoad): Promise<void> {
    const key = this.#keyOf(loaded)
    const results = await this.#known()
    const known = key === null ? null : resultFor(results, key, loaded.fingerprint)
    const golden = request.goldenLetters
    const asksLetters = golden !== undefined && isReferenceFor(golden, loaded)
    const tried = key !== null && hasTriedLetters(results, key, loaded.fingerprint)
    const lacksLetters = known?.letters === null && asksLetters && !tried
    this.#asksLetters = asksLetters
    // What is known holds also where the test that would complete it is put off.
    if (known) await check(known)
    if (!this.testsByItself || (known && !lacksLetters)) return
    const checked = await check(null)
    if (checked.ok) await this.#keep(loaded, checked.value)
  }

  /** A check failed in use, whatever the self-test had found: it is made again at the next load. */
  async distrust(loaded: EngineDescription): Promise<void> {
    this.#ports.tellOfFailedCheck?.(loaded)
    const key = this.#keyOf(loaded)
    if (key !== null)
      await this.#ports.preferences.set(KNOWN_RESULTS, withoutResult(await this.#known(), key))
  }

  /** Tests the loaded model, whatever is known; `aborted` where it is asked something else. */
  async test(): Promise<EngineResult<SelfTestReport>> {
    const checked = await this.#ports.engine.checkNumbers()
    const { state } = this.#ports.engine
    if (checked.ok && state.kind === 'ready') await this.#keep(state.description, checked.value)
    return checked
  }

  #keyOf(loaded: EngineDescription): string | null {
    return resultKey(loaded, this.#ports.userAgent, SELF_TEST_VERSION)
  }

  async #known(): Promise<KnownResult[]> {
    return readKnownResults(await this.#ports.preferences.get(KNOWN_RESULTS))
  }

  async #keep(loaded: EngineDescription, report: SelfTestReport): Promise<void> {
    const key = this.#keyOf(loaded)
    if (key === null) return
    const result = { key, fingerprint: loaded.fingerprint, report, triedLetters: this.#asksLetters }
    await this.#ports.preferences.set(KNOWN_RESULTS, withResult(await this.#known(), result))
  }
}
