import { describe, expect, it } from 'vitest'
import { fileNameAt, hubFileUrl, parseAddress } from '#core/model/address'

const HUB = 'https://huggingface.co'
const hub = (path = '', revision = 'main') => ({
  kind: 'hub',
  hub: HUB,
  repository: 'owner/Repo-1.5_x',
  revision,
  path,
})

describe('an address', () => {
  it.each([
    ['owner/Repo-1.5_x', hub()],
    ['  owner/Repo-1.5_x/ ', hub()],
    ['hf:owner/Repo-1.5_x', hub()],
    ['https://huggingface.co/owner/Repo-1.5_x', hub()],
    ['https://huggingface.co/owner/Repo-1.5_x/tree/main', hub()],
    ['https://hf-mirror.com/owner/Repo-1.5_x', { ...hub(), hub: 'https://hf-mirror.com' }],
    ['https://huggingface.co/owner/Repo-1.5_x/resolve/abc123/', hub('', 'abc123')],
    ['https://huggingface.co/owner/Repo-1.5_x/tree/refs%2Fpr%2F1/sub/folder', hub('sub/folder', 'refs/pr/1')],
    ['https://huggingface.co/owner/Repo-1.5_x/blob/main/mlc-chat-config.json', hub()],
    ['https://huggingface.co/owner/Repo-1.5_x/blob/main/a/m-q4.gguf?download=true', hub('a/m-q4.gguf')],
    ['https://huggingface.co/owner/Repo-1.5_x/resolve/main/m.GGUF', hub('m.GGUF')],
    ['http://10.0.0.5:8000/models/tiny', { kind: 'folder', base: 'http://10.0.0.5:8000/models/tiny/' }],
    ['https://lan/models/tiny/', { kind: 'folder', base: 'https://lan/models/tiny/' }],
    ['https://lan/models/tiny/mlc-chat-config.json', { kind: 'folder', base: 'https://lan/models/tiny/' }],
    ['https://lan/x.gguf?sig=1#top', { kind: 'file', url: 'https://lan/x.gguf?sig=1' }],
  ])('%s', (typed, address) => {
    expect(parseAddress(typed)).toEqual(address)
  })

  it.each([
    'qwen',
    '',
    'a/b/c',
    'ftp://host/x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '../../x',
    'a b/c',
    'https://huggingface.co/',
    'https://huggingface.co/owner',
    'https://huggingface.co/owner/name/discussions/1',
    'https://user:secret@host.example/models/ward',
    'https://hf_secret@huggingface.co/owner/name',
  ])('not "%s"', (typed) => {
    expect(parseAddress(typed)).toBeUndefined()
  })

  it('of a file keeps strange names whole', () => {
    expect(hubFileUrl(HUB, 'a/b', 'refs/pr/1', 'sub folder/x#1.bin')).toBe(
      'https://huggingface.co/a/b/resolve/refs%2Fpr%2F1/sub%20folder/x%231.bin',
    )
  })
})

describe('fileNameAt', () => {
  it.each([
    ['https://example.org/a/my%20model.gguf?download=1#x', 'my model.gguf'],
    ['https://example.org/a/half%E2.gguf', 'half%E2.gguf'],
  ])('of %s is %s', (url, name) => {
    expect(fileNameAt(url)).toBe(name)
  })
})
