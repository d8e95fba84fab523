import type { EngineFailure } from '#core/engine'

/**
 * The attention kernel that merges a prompt's second chunk with what the cache holds. Compiled libraries of
 * WebLLM write its scale back while other invocations of the row may still read it; where a row spans
 * subgroups that gives wrong logits for prompts longer than one chunk.
 */
const MERGE_KERNEL = 'fn merge_state_inplace_kernel'
/** The kernel's first write follows this declaration. */
const AFTER_READS = 'let v__2'
const BARRIERS = 'storageBarrier(); workgroupBarrier();\n  '

/** Makes every read of the merge kernel happen before its writes; other shaders pass unchanged. */
export function withMergeBarrier(wgsl: string): string {
  const kernel = wgsl.indexOf(MERGE_KERNEL)
  const at = kernel < 0 ? -1 : wgsl.indexOf(AFTER_READS, kernel)
  return at < 0 ? wgsl : wgsl.slice(0, at) + BARRIERS + wgsl.slice(at)
}

/** The GPU device that a package opens for itself. */
export interface DeviceWatch {
  /** Resolves when the device is lost or runs out of memory; stays open when it is destroyed on purpose. */
  failure: Promise<EngineFailure>
  /** Ends the watch for new devices; those already seen are watched as long as they live. */
  stop(): void
}

/**
 * WebLLM keeps its device to itself and does not report its loss to a request under way, which would then
 * wait for ever. So the next device that this worker opens is watched, and its merge kernel corrected.
 */
export function watchNextDevice(): DeviceWatch {
  const prototype = GPUAdapter.prototype
  const original = Object.getOwnPropertyDescriptor(prototype, 'requestDevice')!
  const requestDevice = original.value as GPUAdapter['requestDevice']
  let report: (failure: EngineFailure) => void = () => undefined
  const failure = new Promise<EngineFailure>((resolve) => (report = resolve))
  prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
    const device = await requestDevice.call(this, descriptor)
    const createShaderModule = device.createShaderModule.bind(device)
    device.createShaderModule = (module) =>
      createShaderModule({ ...module, code: withMergeBarrier(module.code) })
    device.addEventListener('uncapturederror', ({ error }) => {
      if (error instanceof GPUOutOfMemoryError) report({ kind: 'out-of-memory', detail: error.message })
    })
    void device.lost.then(({ reason, message }) => {
      if (reason !== 'destroyed') report({ kind: 'device-lost', detail: message })
    })
    return device
  }
  return { failure, stop: () => Object.defineProperty(prototype, 'requestDevice', original) }
}
