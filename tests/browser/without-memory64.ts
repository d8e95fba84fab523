/**
 * Makes this worker a browser without 64-bit WebAssembly memory and JSPI, and without a private file system as
 * WebKit has none in private windows; imported before the engine.
 */
class Memory32 extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor & { address?: string }) {
    if (descriptor.address === 'i64') throw new TypeError('WebAssembly.Memory(): no 64-bit addresses')
    super(descriptor)
  }
}
Object.defineProperty(WebAssembly, 'Memory', { value: Memory32 })
Reflect.deleteProperty(WebAssembly, 'Suspending')
Reflect.deleteProperty(WebAssembly, 'promising')
Reflect.deleteProperty(StorageManager.prototype, 'getDirectory')
