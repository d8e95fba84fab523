// npm start: installs what is missing, builds, serves the site with its headers, opens it.
import { spawn } from 'node:child_process'
import { root, setUp } from './setup.mjs'

const DEFAULT_PORT = 4173

setUp()
const { build, preview } = await import('vite')
await build({ root, logLevel: 'warn' })

const hasDesktop =
  process.platform === 'darwin' ||
  process.platform === 'win32' ||
  Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)

const server = await preview({
  root,
  logLevel: 'warn',
  preview: { host: 'localhost', port: Number(process.env.PORT) || DEFAULT_PORT },
})
const address = server.resolvedUrls?.local[0]
console.log(`Somnus is running at ${address}\nStop it with Ctrl+C.`)
if (hasDesktop && !process.env.CI) {
  const opener = { darwin: 'open', win32: 'start' }[process.platform] ?? 'xdg-open'
  // Not waited for: an opener that stays until its browser ends would keep this process from serving the page.
  const opening = spawn(opener, [address], {
    stdio: 'ignore',
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32',
  })
  opening.on('error', () => console.log('Open the address in your browser.'))
  opening.unref()
}
