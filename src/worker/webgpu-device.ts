import type { EngineFailure } from '#core/engine'
import type { MergeBarrier } from '#core/numerics/types'
import { BarrierRecord } from './merge-barrier'

/** The GPU devices that a package opens for itself. */
export interface DeviceWatch {
  /** Resolves when a device is lost or runs out of memory; stays open when it was released. */
  failure: Promise<EngineFailure>
  /** What became of the barrier in the shaders compiled so far. */
  readonly mergeBarrier: MergeBarrier
  /** Ends the watch for new devices; those already seen are watched as long as they live. */
  stop(): void
  /** Destroys the devices seen, with every buffer on them, so that nothing of a model stays on the GPU. */
  release(): void
}

/**
 * WebLLM keeps its device to itself and does not report its loss to a request under way, which would then
 * wait for ever. So the next devices that this worker opens are watched, and their attention kernel
 * gets its barrier unless the kernel is wanted as it comes.
 */
export function watchNextDevice(wantsBarrier = true): DeviceWatch {
  const prototype = GPUAdapter.prototype
  const original = Object.getOwnPropertyDescriptor(prototype, 'requestDevice')!
  const requestDevice = original.value as GPUAdapter['requestDevice']
  const devices: GPUDevice[] = []
  const barrier = new BarrierRecord(wantsBarrier)
  let released = false
  let report: (failure: EngineFailure) => void = () => undefined
  const failure = new Promise<EngineFailure>((resolve) => (report = resolve))
  prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
    const device = await requestDevice.call(this, descriptor)
    if (released) device.destroy()
    devices.push(device)
    const createShaderModule = device.createShaderModule.bind(device)
    device.createShaderModule = (module) =>
      createShaderModule({ ...module, code: barrier.corrected(module.code) })
    watchDevice(device, (reason) => {
      if (!released) report(reason)
    })
    return device
  }
  return {
    failure,
    get mergeBarrier() {
      return barrier.outcome
    },
    stop: () => Object.defineProperty(prototype, 'requestDevice', original),
    release() {
      released = true
      for (const device of devices.splice(0)) device.destroy()
    },
  }
}

function watchDevice(device: GPUDevice, report: (failure: EngineFailure) => void): void {
  let refused: GPUError | undefined
  device.addEventListener('uncapturederror', ({ error }) => {
    if (isMemoryError(error)) report({ kind: 'out-of-memory', detail: error.message })
  })
  // WebLLM catches the error of a buffer that it cannot have, destroys the device and says nothing more.
  const popErrorScope = device.popErrorScope.bind(device)
  device.popErrorScope = async () => {
    const error = await popErrorScope()
    refused ??= error ?? undefined
    return error
  }
  void device.lost.then(({ message }) => {
    if (refused && isMemoryError(refused)) report({ kind: 'out-of-memory', detail: refused.message })
    else report({ kind: 'device-lost', detail: refused?.message ?? message })
  })
}

/** A buffer beyond the limits of the device is the same to a user: the model is too large for it. */
function isMemoryError(error: GPUError): boolean {
  return error instanceof GPUOutOfMemoryError || /exceeds the max buffer size/i.test(error.message)
}
