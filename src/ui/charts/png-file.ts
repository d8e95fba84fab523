/** Sharp on screens of high density and in print at half of its size. */
const PNG_SCALE = 2

/**
 * Draws a standalone SVG as a PNG of twice its size, or null where the browser cannot. The picture passes through a
 * data address, which our security policy allows for images; blob addresses it does not.
 */
export async function pngFile(svg: string, name: string): Promise<File | null> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  try {
    await image.decode()
  } catch {
    return null
  }
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth * PNG_SCALE
  canvas.height = image.naturalHeight * PNG_SCALE
  const context = canvas.getContext('2d')
  if (!context) return null
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  return blob && new File([blob], name, { type: 'image/png' })
}
