/** wllama's build for browsers without 64-bit WebAssembly memory: 16 MB that only they fetch, from this site. */
import wasm from '@wllama/wllama-compat/wasm/wllama.wasm?url'
// As text: wllama makes its worker from it.
import code from '@wllama/wllama-compat/wasm/wllama.js?raw'

export const compatibleBuild = { wasm, worker: { code } }
