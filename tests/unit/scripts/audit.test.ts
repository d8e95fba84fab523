import { describe, expect, it } from 'vitest'
import { hostsIn, lockProblems, pageProblems, unpinned } from '../../../scripts/audit.mjs'

it('names dependencies whose version is a range', () => {
  const dependencies = { exact: '1.2.3', caret: '^1.2.3', any: '*', latest: 'latest', git: 'github:a/b' }
  const devDependencies = { alias: 'npm:@mlc-ai/web-llm@0.2.79', before: '1.0.0-rc.1', loose: 'npm:a@^1.0.0' }
  expect(unpinned({ dependencies, devDependencies })).toEqual([
    'caret ^1.2.3',
    'any *',
    'latest latest',
    'git github:a/b',
    'loose npm:a@^1.0.0',
  ])
})

it('names packages without a strong hash, and those for the site that run a script', () => {
  const integrity = 'sha512-abc'
  const packages = {
    '': {},
    'node_modules/good': { integrity },
    'node_modules/weak': { integrity: 'sha1-abc' },
    'node_modules/none': { dev: true },
    'node_modules/runs': { integrity, hasInstallScript: true },
    'node_modules/tool': { integrity, hasInstallScript: true, dev: true },
  }
  expect(lockProblems({ packages })).toEqual([
    'node_modules/weak has no SHA-512',
    'node_modules/none has no SHA-512',
    'node_modules/runs runs a script when it is installed',
  ])
})

it('finds the hosts that a text names', () => {
  const text = 'fetch("https://Tracker.example/x");new WebSocket(`wss://a.b:81/`);"http://${host}/";"//cdn"'
  expect(hostsIn(text)).toEqual(['tracker.example', 'a.b'])
})

describe('a page', () => {
  it.each([
    ['<script>x()</script>', 'inline script: <script>'],
    ['<style>p{}</style>', 'inline style: <style>'],
    ['<p style="color:red">', 'inline style: <p style="color:red">'],
    ['<body onload="x()">', 'inline handler: <body onload="x()">'],
    ['<img src="https://a.example/x.png">', 'foreign address: <img src="https://a.example/x.png">'],
    ['<link href=//a.example/x.css>', 'foreign address: <link href=//a.example/x.css>'],
  ])('must not hold %s', (html, problem) => {
    expect(pageProblems(`<!doctype html><html>${html}</html>`)).toEqual([problem])
  })

  it('may hold its own files', () => {
    const html =
      '<!-- <script>old</script> --><meta content="light" /><script type="module" src="./a.js"></script><link href="./a.css">'
    expect(pageProblems(html)).toEqual([])
  })
})
