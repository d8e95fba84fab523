/**
 * The engine worker with our WebGPU engine and, in WebLLM's place, something that uses a real GPU device as tvmjs
 * does, without a model: what it shall do is named by model ids and questions.
 */
import { serveEngines } from '../../../src/worker/serve'
import { WebLlmEngine } from '../../../src/worker/webllm'
import type { WebLlmPackage } from '../../../src/worker/webllm-load'

const MIB = 1024 ** 2
/** WebGPU's own numbers; TypeScript knows no names for them. */
const USAGE = { mapRead: 1, copyDst: 8, storage: 128 }
const MAP_MODE_READ = 1
const news = new BroadcastChannel('gpu-test')

class DeviceUser {
  readonly loadedModelIdToPipeline = new Map<string, object>()
  readonly chat = { completions: { create: (request: Request) => this.#create(request) } }
  #device: GPUDevice | undefined

  async reload(id: string): Promise<void> {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) throw Object.assign(new Error('no adapter'), { name: 'WebGPUNotFoundError' })
    const { maxBufferSize } = adapter.limits
    this.#device = await adapter.requestDevice({ requiredLimits: { maxBufferSize } })
    void this.#device.lost.then(({ reason }) => news.postMessage(reason))
    news.postMessage('opened')
    this.#allocate(16 * MIB)
    if (id === 'too-large') await this.#exhaust(maxBufferSize)
    if (id === 'beyond-limits') await this.#exhaust(2 * maxBufferSize)
    // As a load that hangs after the device was opened: nothing of it may stay behind.
    if (id === 'endless') await new Promise(() => undefined)
    this.loadedModelIdToPipeline.set(id, {
      tokenizer: { encode: () => Int32Array.of(0) },
      getCurRoundPrefillTotalTokens: () => 1,
    })
  }

  resetChat = () => Promise.resolve()
  interruptGenerate = () => undefined
  // Leaves its device open, as WebLLM does when a load was given up.
  unload = () => Promise.resolve()

  async #create({ messages }: Request): Promise<AsyncIterable<object>> {
    const question = messages[0]?.content
    if (question === 'hang') await new Promise(() => undefined)
    if (question === 'too-much') await this.#exhaust(this.#device!.limits.maxBufferSize)
    return this.#stream(question === 'endless' ? Infinity : 2)
  }

  async *#stream(tokens: number): AsyncGenerator<object> {
    for (let token = 0; token < tokens; token += 1) {
      await this.#compute()
      yield { choices: [{ delta: { content: 'word ' }, finish_reason: null }] }
    }
    yield { choices: [{ delta: {}, finish_reason: 'stop' }] }
  }

  /** Writes to the GPU and reads back, so that a lost device is felt where WebLLM feels it. */
  async #compute(): Promise<void> {
    const device = this.#device!
    const buffer = device.createBuffer({ size: 4, usage: USAGE.mapRead | USAGE.copyDst })
    device.queue.writeBuffer(buffer, 0, Uint32Array.of(7))
    await buffer.mapAsync(MAP_MODE_READ)
    buffer.destroy()
  }

  async #exhaust(bytes: number): Promise<never> {
    this.#allocate(bytes)
    // What comes after an allocation that failed may wait for ever.
    return await new Promise<never>(() => undefined)
  }

  /** As tvmjs does: an error here is caught, and ends the device without a word. */
  #allocate(size: number): void {
    const device = this.#device!
    for (const filter of ['out-of-memory', 'validation', 'internal'] as const) device.pushErrorScope(filter)
    device.createBuffer({ size, usage: USAGE.storage | USAGE.copyDst })
    const scopes = [device.popErrorScope(), device.popErrorScope(), device.popErrorScope()]
    void Promise.all(scopes).then((errors) => {
      if (errors.some((error) => error !== null)) device.destroy()
    })
  }
}

interface Request {
  messages: { content: string }[]
}

serveEngines(() =>
  Promise.resolve(
    new WebLlmEngine({ version: 'test', MLCEngine: DeviceUser as unknown as WebLlmPackage['MLCEngine'] }),
  ),
)
