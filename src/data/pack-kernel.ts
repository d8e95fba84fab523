import { typescriptKernel } from '#core/convert/pack'
import { simdKernel, type SimdExports } from '#core/convert/simd-kernel'
import { simdModule } from '#core/convert/simd-module'
import type { PackKernel } from '#core/convert/source'

/** The fastest packing that this machine has: WebAssembly with SIMD, else plain TypeScript. */
export function createPackKernel(): PackKernel {
  return createSimdKernel() ?? typescriptKernel
}

/** Null where WebAssembly or its SIMD is missing, or forbidden. */
export function createSimdKernel(): PackKernel | null {
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(simdModule()))
    return simdKernel(instance.exports as unknown as SimdExports)
  } catch {
    return null
  }
}
