/** Makes this worker a browser without JSPI, such as Firefox before it had it; imported before the engine. */
Reflect.deleteProperty(WebAssembly, 'Suspending')
Reflect.deleteProperty(WebAssembly, 'promising')
