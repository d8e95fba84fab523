/** Version and commit of this build, set by Vite. */
declare const __APP_VERSION__: string

/** SHA-256 (hex) of the CPU engine's WebAssembly, by build, set by Vite. */
declare const __WASM_SHA256__: Record<'default' | 'compatible', string>
