/** Renderers that compute on the processor: Chromium, Mesa, Windows without a driver, Apple. */
const SOFTWARE_RENDERER = /swiftshader|llvmpipe|softpipe|basic render|software/i

/** What WebGL gets in this browser; asked for only where WebGPU finds no adapter. */
export function webglRendering(): 'hardware' | 'software' | 'none' {
  if (typeof OffscreenCanvas === 'undefined') return 'none'
  const canvas = new OffscreenCanvas(1, 1)
  const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl')
  if (!gl) return 'none'
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  // Firefox gives the name under RENDERER and is about to drop the extension.
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return SOFTWARE_RENDERER.test(renderer) ? 'software' : 'hardware'
}
