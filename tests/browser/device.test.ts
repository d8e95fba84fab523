import { expect, it } from 'vitest'
import { probeDevice } from '#data/device'

it('reports what this browser offers', async () => {
  const device = await probeDevice()
  expect(device).toMatchObject({ threads: navigator.hardwareConcurrency, crossOriginIsolated })
  const adapter = await navigator.gpu.requestAdapter()
  if (adapter) {
    expect(device.webgpu).toMatchObject({
      kind: 'available',
      shaderF16: adapter.features.has('shader-f16'),
      maxBufferSize: adapter.limits.maxBufferSize,
    })
  } else {
    expect(device.webgpu).toEqual({ kind: 'unavailable', reason: 'no-adapter' })
  }
})

it('is told by a driver that rejects, and by a browser without WebGPU', async () => {
  const gpu = Object.getOwnPropertyDescriptor(Navigator.prototype, 'gpu')
  if (!gpu) throw new Error('this browser has no WebGPU')
  const probeWith = async (value: unknown) => {
    Object.defineProperty(navigator, 'gpu', { configurable: true, get: () => value })
    const { webgpu } = await probeDevice()
    Reflect.deleteProperty(navigator, 'gpu')
    return webgpu
  }
  expect(await probeWith({ requestAdapter: () => Promise.reject(new Error('driver')) })).toEqual({
    kind: 'unavailable',
    reason: 'no-adapter',
  })
  expect(await probeWith(undefined)).toEqual({ kind: 'unavailable', reason: 'no-api' })
})
