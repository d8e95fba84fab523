import { afterEach, describe, expect, it, vi } from 'vitest'
import { probeDevice } from '#data/device'

function pretend(value: unknown): void {
  Object.defineProperty(navigator, 'gpu', { configurable: true, get: () => value })
}

afterEach(() => Reflect.deleteProperty(navigator, 'gpu'))

describe('probeDevice', () => {
  it('reports what this browser offers', async () => {
    const device = await probeDevice()
    expect(device).toMatchObject({
      browser: { family: expect.stringMatching(/chrome|edge/) as string },
      wasm: { simd: true, memory64: true, jspi: true },
      fileSystem: true,
      threads: navigator.hardwareConcurrency,
      crossOriginIsolated,
    })
    expect(device.browser.version).toBeGreaterThan(100)
    const { quota } = await navigator.storage.estimate()
    expect(device.storage.estimate?.quotaBytes).toBeGreaterThan(0.5 * (quota ?? Infinity))
    expect(device.storage.persisted).toBe(await navigator.storage.persisted())
    const adapter = await navigator.gpu.requestAdapter()
    if (adapter) expect(device.webgpu).toMatchObject({ kind: 'available', deviceProblem: null })
    else expect(device.webgpu).toMatchObject({ kind: 'unavailable', reason: 'no-adapter' })
  })

  it('is told by a driver that rejects, and by a browser without WebGPU', async () => {
    pretend({ requestAdapter: () => Promise.reject(new Error('driver')) })
    expect((await probeDevice()).webgpu).toMatchObject({ kind: 'unavailable', reason: 'no-adapter' })
    pretend(undefined)
    expect((await probeDevice()).webgpu).toEqual({ kind: 'unavailable', reason: 'no-api' })
  })

  it('tells rendering on the processor from no 3D graphics at all', async () => {
    pretend({ requestAdapter: () => Promise.resolve(null) })
    const { webgpu } = await probeDevice()
    const has3d = new OffscreenCanvas(1, 1).getContext('webgl2') !== null
    expect('webgl' in webgpu && webgpu.webgl !== 'none').toBe(has3d)
    const getContext = vi.spyOn(OffscreenCanvas.prototype, 'getContext').mockReturnValue(null)
    expect((await probeDevice()).webgpu).toMatchObject({ webgl: 'none' })
    getContext.mockRestore()
  })
})

describe('an adapter', () => {
  const LIMITS = {
    maxBufferSize: 2 ** 31,
    maxStorageBufferBindingSize: 2 ** 31 - 4,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeInvocationsPerWorkgroup: 512,
  }
  const asked: unknown[] = []
  let destroyed = 0
  const adapterOf = (architecture: string, features: string[], requestDevice?: () => Promise<unknown>) => ({
    info: { vendor: 'acme', architecture, description: '', isFallbackAdapter: false, subgroupMinSize: 8 },
    features: new Set(features),
    limits: LIMITS,
    requestDevice:
      requestDevice ??
      ((descriptor: unknown) => {
        asked.push(descriptor)
        return Promise.resolve({ destroy: () => (destroyed += 1) })
      }),
  })

  it('is opened as WebLLM opens it, destroyed at once, and compared with the economical one', async () => {
    pretend({
      requestAdapter: ({ powerPreference }: GPURequestAdapterOptions) =>
        Promise.resolve(
          powerPreference === 'high-performance'
            ? adapterOf('big', ['shader-f16', 'subgroups', 'timestamp-query'])
            : adapterOf('small', []),
        ),
    })
    expect((await probeDevice()).webgpu).toEqual({
      kind: 'available',
      adapter: 'acme big',
      software: false,
      shaderF16: true,
      subgroups: { min: 8, max: null },
      limits: LIMITS,
      lowPowerAdapter: 'acme small',
      deviceProblem: null,
    })
    expect(asked).toEqual([
      {
        requiredFeatures: ['shader-f16', 'subgroups'],
        requiredLimits: {
          ...LIMITS,
          maxBufferSize: 2 ** 30,
          maxStorageBufferBindingSize: 2 ** 30,
        },
      },
    ])
    expect(destroyed).toBe(1)
  })

  it('of an early browser, without info, is measured all the same', async () => {
    pretend({ requestAdapter: () => Promise.resolve({ ...adapterOf('old', []), info: undefined }) })
    expect((await probeDevice()).webgpu).toMatchObject({
      kind: 'available',
      adapter: '',
      software: false,
      lowPowerAdapter: null,
    })
  })

  it('that computes on the processor is known by its name, too', async () => {
    const adapter = { ...adapterOf('', []), info: { description: 'Microsoft Basic Render Driver' } }
    pretend({ requestAdapter: () => Promise.resolve(adapter) })
    expect((await probeDevice()).webgpu).toMatchObject({ software: true })
  })

  it('that cannot be opened says why', async () => {
    const refuse = () => Promise.reject(new DOMException('too much', 'OperationError'))
    pretend({ requestAdapter: () => Promise.resolve(adapterOf('big', [], refuse)) })
    expect((await probeDevice()).webgpu).toMatchObject({
      subgroups: null,
      lowPowerAdapter: null,
      deviceProblem: 'OperationError: too much',
    })
  })
})
