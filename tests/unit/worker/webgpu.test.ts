import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failure, success } from '#core/result'
import { inspectAdapter } from '../../../src/worker/webgpu-adapter'
import { watchNextDevice } from '../../../src/worker/webgpu-device'

const KERNEL = readFileSync(
  new URL('../../fixtures/webgpu/merge-state-inplace.wgsl', import.meta.url),
  'utf8',
)

afterEach(() => vi.unstubAllGlobals())

function stubGpu(adapter: unknown) {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } })
}

function adapterWith(changes: { features?: string[]; limits?: object; info?: object }) {
  return {
    features: new Set(changes.features),
    limits: {
      maxStorageBuffersPerShaderStage: 10,
      maxComputeWorkgroupStorageSize: 32768,
      maxBufferSize: 2 ** 30,
      maxStorageBufferBindingSize: 2 ** 30,
      ...changes.limits,
    },
    info: { vendor: 'intel', architecture: 'gen-12lp', isFallbackAdapter: false, ...changes.info },
  }
}

describe('inspectAdapter', () => {
  it.each([
    [true, 'no-api'],
    [false, 'insecure-origin'],
  ] as const)('tells why there is no WebGPU (secure: %s)', async (isSecureContext, reason) => {
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('self', { isSecureContext })
    expect(await inspectAdapter(false)).toEqual(failure({ kind: 'webgpu-unavailable', reason }))
  })

  it('tells when the browser has no adapter to give', async () => {
    stubGpu(null)
    expect(await inspectAdapter(false)).toEqual(failure({ kind: 'webgpu-unavailable', reason: 'no-adapter' }))
  })

  it('asks for half precision only where the model needs it', async () => {
    stubGpu(adapterWith({ features: [] }))
    expect(await inspectAdapter(true)).toEqual(failure({ kind: 'feature-missing', feature: 'shader-f16' }))
    expect(await inspectAdapter(false)).toMatchObject({ ok: true })
    stubGpu(adapterWith({ features: ['shader-f16'] }))
    expect(await inspectAdapter(true)).toMatchObject({ ok: true })
  })

  it('refuses an adapter below the limits of the compiled libraries', async () => {
    stubGpu(adapterWith({ limits: { maxStorageBuffersPerShaderStage: 8 } }))
    const result = await inspectAdapter(false)
    expect(result).toMatchObject({ failure: { kind: 'feature-missing' } })
    expect(JSON.stringify(result)).toContain('maxStorageBuffersPerShaderStage ≥ 10 (has 8)')
  })

  it.each([
    [{}, 'WebGPU (intel gen-12lp)'],
    [
      { vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true },
      'WebGPU (google swiftshader, software)',
    ],
    [{ vendor: '', architecture: '' }, 'WebGPU (unnamed adapter)'],
  ])('names the adapter', async (info, name) => {
    stubGpu(adapterWith({ info }))
    expect(await inspectAdapter(false)).toEqual(success(name))
  })
})

describe('watchNextDevice', () => {
  class FakeOutOfMemory extends Error {}

  function openDevice(wantsBarrier = true) {
    let lose: (info: { reason: string; message: string }) => void = () => undefined
    const modules: { code: string }[] = []
    const listeners: ((event: { error: Error }) => void)[] = []
    const scopes: (Error | null)[] = []
    const device = {
      createShaderModule: (module: { code: string }) => void modules.push(module),
      addEventListener: (_: string, listener: (event: { error: Error }) => void) => listeners.push(listener),
      popErrorScope: () => Promise.resolve(scopes.shift() ?? null),
      destroyed: false,
      destroy() {
        this.destroyed = true
        lose({ reason: 'destroyed', message: '' })
      },
      lost: new Promise((resolve) => (lose = resolve)),
    }
    class FakeAdapter {
      requestDevice() {
        return Promise.resolve(device)
      }
    }
    vi.stubGlobal('GPUAdapter', FakeAdapter)
    vi.stubGlobal('GPUOutOfMemoryError', FakeOutOfMemory)
    const adapter = new FakeAdapter()
    const watch = watchNextDevice(wantsBarrier)
    return {
      device,
      adapter,
      watch,
      modules,
      scopes,
      lose,
      report: (error: Error) => listeners.forEach((l) => l({ error })),
    }
  }

  const silence = () => new Promise((end) => setTimeout(end, 10, 'silent'))

  it('reports the loss of the device', async () => {
    const { adapter, watch, lose } = openDevice()
    await adapter.requestDevice()
    lose({ reason: 'unknown', message: 'reset' })
    expect(await watch.failure).toEqual({ kind: 'device-lost', detail: 'reset' })
  })

  it('reports memory that ran out, and no other error', async () => {
    const { adapter, watch, report } = openDevice()
    await adapter.requestDevice()
    report(new Error('validation'))
    report(new FakeOutOfMemory('no room'))
    expect(await watch.failure).toEqual({ kind: 'out-of-memory', detail: 'no room' })
  })

  it.each([
    [new FakeOutOfMemory('no room'), { kind: 'out-of-memory', detail: 'no room' }],
    [
      new Error('Buffer size (2) exceeds the max buffer size limit (1).'),
      { kind: 'out-of-memory', detail: 'Buffer size (2) exceeds the max buffer size limit (1).' },
    ],
    [new Error('internal'), { kind: 'device-lost', detail: 'internal' }],
  ])('tells why the package gave the device up: %s', async (error, expected) => {
    const { adapter, device, watch, scopes } = openDevice()
    await adapter.requestDevice()
    scopes.push(null, error)
    // As tvmjs does: three scopes around a buffer, and the end of the device when one caught something.
    if ((await device.popErrorScope()) ?? (await device.popErrorScope())) device.destroy()
    expect(await watch.failure).toEqual(expected)
  })

  it('releases the devices it saw, also one that opens later, and says nothing of it', async () => {
    const seen = openDevice()
    await seen.adapter.requestDevice()
    seen.watch.release()
    expect(seen.device.destroyed).toBe(true)
    expect(await Promise.race([seen.watch.failure, silence()])).toBe('silent')

    const late = openDevice()
    late.watch.release()
    await late.adapter.requestDevice()
    expect(late.device.destroyed).toBe(true)
    expect(await Promise.race([late.watch.failure, silence()])).toBe('silent')
  })

  it('corrects the shaders of devices it sees, and stops with the watch', async () => {
    const { adapter, device, watch, modules } = openDevice()
    const original = device.createShaderModule
    await adapter.requestDevice()
    expect(watch.mergeBarrier).toBe('kernel-absent')
    device.createShaderModule({ code: KERNEL })
    expect(modules[0]?.code).toContain('workgroupBarrier')
    expect(watch.mergeBarrier).toBe('inserted')
    watch.stop()
    device.createShaderModule = original
    await adapter.requestDevice()
    expect(device.createShaderModule).toBe(original)
  })
  it('leaves the kernel as it comes where that is wanted', async () => {
    const { adapter, device, watch, modules } = openDevice(false)
    await adapter.requestDevice()
    device.createShaderModule({ code: KERNEL })
    expect(modules[0]?.code).toBe(KERNEL)
    expect(watch.mergeBarrier).toBe('switched-off')
  })
})
