import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Worker } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, visit, type Site } from './site'

let site: Site
let outside: Server
let outsideUrl: string
let requests: string[]

beforeAll(async () => {
  site = await openSite()
  requests = []
  outside = createServer((request, response) => {
    requests.push(request.url ?? '')
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('{}')
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/`
})
afterAll(async () => {
  outside.close()
  await site.close()
})

/** In a page or a worker: whether a request to another host is let out. */
function reach(url: string): Promise<'reached' | 'refused'> {
  return fetch(url).then(
    () => 'reached' as const,
    () => 'refused' as const,
  )
}

test('neither the page nor the engine can reach another host; only the workers that download can', async () => {
  const { context, page } = await visit(site)
  const workerCalled = (part: string): Promise<Worker> => {
    const found = page.workers().find((worker) => worker.url().includes(part))
    return found
      ? Promise.resolve(found)
      : page.waitForEvent('worker', (worker) => worker.url().includes(part))
  }
  expect(await page.evaluate(reach, `${outsideUrl}page`)).toBe('refused')

  const engine = workerCalled('/assets/engine-')
  await page.getByRole('link', { name: 'Models', exact: true }).click()
  await page.getByRole('button', { name: 'Load Formulary' }).click()
  expect(await (await engine).evaluate(reach, `${outsideUrl}engine`)).toBe('refused')

  expect(await (await workerCalled('/downloads/models-')).evaluate(reach, `${outsideUrl}models`)).toBe(
    'reached',
  )
  expect(requests).toEqual(['/models'])
  await context.close()
})
