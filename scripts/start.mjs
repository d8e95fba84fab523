// npm start: installs what is missing, builds, serves the site with its headers, opens it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { serveAtFreePort } from './serve.mjs'
import { root, setUp } from './setup.mjs'

setUp()
const { build } = await import('vite')
await build({ root, logLevel: 'warn' })

const hasDesktop =
  process.platform === 'darwin' ||
  process.platform === 'win32' ||
  Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)

const { url } = await serveAtFreePort({
  folder: join(root, 'dist'),
  port: Number(process.env.PORT) || undefined,
})
console.log(`Somnus is running at ${url}\nStop it with Ctrl+C.`)
if (hasDesktop && !process.env.CI) {
  const opener = { darwin: 'open', win32: 'start' }[process.platform] ?? 'xdg-open'
  // Not waited for: an opener that stays until its browser ends would keep this process from serving the page.
  const opening = spawn(opener, [url], {
    stdio: 'ignore',
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32',
  })
  opening.on('error', () => console.log('Open the address in your browser.'))
  opening.unref()
}
