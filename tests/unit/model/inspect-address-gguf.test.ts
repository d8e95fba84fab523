import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectAddress } from '#worker/models/inspect-address'
import { Hub } from '../../hub/server'
import { never, testPorts } from '../transfer/fixtures'
import { ggufFile, GgufWriter } from './gguf-fixture'
import { inspectPorts } from './known-fixture'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let hub: Hub
beforeAll(async () => {
  hub = await Hub.start()
})
afterAll(() => hub.close())

function inspect(address: string) {
  const ports = { ...testPorts(), ...inspectPorts() }
  return inspectAddress(
    { address, libraryUrl: null, access: { mirror: hub.origin, token: null }, family: null },
    ports,
    never,
  )
}

describe('a GGUF file', () => {
  it('of the hub is planned from its header and the hash that the hub tells', async () => {
    const bytes = ggufFile()
    const commit = hub.serveRepository('owner/Tiny-GGUF', { 'tiny-q4_0.gguf': bytes, 'README.md': 'x' })
    const expected = {
      architecture: 'llama',
      quantization: 'Q4_0',
      name: 'Tiny Llama 小',
      runtime: { engine: 'wllama' },
      origin: { kind: 'remote', revision: commit },
      files: [
        {
          path: 'tiny-q4_0.gguf',
          bytes: bytes.length,
          expected: { algorithm: 'sha256', hex: sha256(bytes) },
          url: `https://huggingface.co/owner/Tiny-GGUF/resolve/${commit}/tiny-q4_0.gguf`,
        },
      ],
    }
    for (const address of [
      'owner/Tiny-GGUF',
      'https://huggingface.co/owner/Tiny-GGUF/blob/main/tiny-q4_0.gguf',
    ]) {
      expect(await inspect(address), address).toMatchObject({ ok: true, value: expected })
    }
  })

  it('of several in a repository the recommended one is taken, no part of a split one', async () => {
    const small = ggufFile()
    hub.serveRepository('owner/Many-GGUF', {
      'm-q2_k.gguf': small,
      'm-Q4_K_M.gguf': ggufFile({ fileType: 15 }),
      'm-q8_0-00001-of-00002.gguf': small,
    })
    const result = await inspect('owner/Many-GGUF')
    expect(result.ok && result.value.files[0]?.path).toBe('m-Q4_K_M.gguf')
  })

  it('is stored under a plain name where its own cannot be', async () => {
    for (const name of ['ward%3A1.gguf', 'a%2F..%2Fb.gguf']) {
      const result = await inspect(hub.serve(`/files/${name}`, ggufFile()))
      expect(result, name).toMatchObject({ ok: true, value: { files: [{ path: 'model.gguf' }] } })
    }
  })

  it('at any address is planned from its header and its length', async () => {
    const bytes = ggufFile()
    const url = hub.serve('/files/my%20model.gguf'.replace('%20', ' '), bytes)
    const result = await inspect(url.replace(' ', '%20'))
    expect(result).toMatchObject({
      ok: true,
      value: { catalog: null, files: [{ path: 'my model.gguf', bytes: bytes.length, expected: null }] },
    })
  })

  it('a length that is not told is not made up', async () => {
    const url = hub.serve('/files/a.gguf', ggufFile(), { length: false })
    const result = await inspect(url)
    expect(result.ok && result.value.files[0]?.bytes).toBeNull()
  })

  it('of megabytes is looked at, not downloaded', async () => {
    const path = '/files/large.gguf'
    const url = hub.serve(path, largeGguf(60_000_000), { bytesPerSecond: 40_000_000 })
    expect(await inspect(url)).toMatchObject({ ok: true })
    expect(hub.sentBytes(path)).toBeLessThan(20_000_000)
  })

  it.each([
    ['too large', 'large', { kind: 'too-large' }],
    ['not there', 'missing', { kind: 'not-found', status: 404 }],
    ['a web page', 'page', { kind: 'file-invalid' }],
  ])('%s: refused', async (_, name, problem) => {
    hub.serve('/refused/page.gguf', '<html>login</html>')
    const header = new GgufWriter(1, 2)
      .string('general.architecture', 'llama')
      .words('tokenizer.ggml.tokens', ['a'])
      .tensor('t', [2 ** 30, 1], 0, 0)
      .file(64)
    hub.serve('/refused/large.gguf', header)
    expect(await inspect(hub.url(`/refused/${name}.gguf`))).toMatchObject({ ok: false, failure: problem })
  })
})

/** A header that promises so many bytes of data, and they are there. */
function largeGguf(dataBytes: number): Uint8Array {
  return new GgufWriter(1, 2)
    .string('general.architecture', 'llama')
    .words('tokenizer.ggml.tokens', ['a'])
    .tensor('t', [dataBytes / 4], 0, 0)
    .file(dataBytes)
}
