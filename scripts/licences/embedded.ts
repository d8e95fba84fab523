/**
 * Works of others inside the files that packages ship ready-made, which no module graph shows. WebLLM's are those of
 * its source map (a test compares them); wllama's are what its WebAssembly is compiled from; the decompressors name
 * theirs in their sources.
 */
export interface Embedded {
  name: string
  licence: string
  /** Path below node_modules of the licence's text, or the copyright line of the MIT licence. */
  text: { file: string } | { mitCopyright: string }
}

const APACHE = { file: '@mlc-ai/web-llm/LICENSE' }

export const EMBEDDED: Record<string, readonly Embedded[]> = {
  '@mlc-ai/web-llm': [
    { name: '@mlc-ai/web-runtime', licence: 'Apache-2.0', text: APACHE },
    { name: '@mlc-ai/web-tokenizers', licence: 'Apache-2.0', text: APACHE },
    { name: '@mlc-ai/web-xgrammar', licence: 'Apache-2.0', text: APACHE },
    { name: 'loglevel', licence: 'MIT', text: { file: 'loglevel/LICENSE-MIT' } },
    { name: 'tslib', licence: '0BSD', text: { file: '../scripts/licences/tslib.txt' } },
  ],
  '@wllama/wllama': [
    { name: 'llama.cpp', licence: 'MIT', text: { mitCopyright: 'Copyright (c) 2023-2026 The ggml authors' } },
    {
      name: 'Emscripten',
      licence: 'MIT',
      text: {
        mitCopyright: 'Copyright (c) 2010-2014 Emscripten authors, see the AUTHORS file of Emscripten',
      },
    },
    {
      name: 'JSON for Modern C++',
      licence: 'MIT',
      text: { mitCopyright: 'Copyright (c) 2013-2026 Niels Lohmann' },
    },
  ],
  'hyparquet-compressors': [
    { name: 'fflate', licence: 'MIT', text: { mitCopyright: 'Copyright (c) 2023 Arjun Barrett' } },
    {
      name: 'brotli.js',
      licence: 'MIT AND Apache-2.0',
      text: {
        mitCopyright: 'Copyright 2015 Devon Govett; parts Copyright 2013 Google Inc, Apache License 2.0',
      },
    },
  ],
}

/** Packages without a file for their licence's text: whose file stands for it, and why. */
export const TEXT_ELSEWHERE: Record<string, string> = {
  // Published from the same repository as @wllama/wllama, by the same author, under the same licence.
  '@wllama/wllama-compat': '@wllama/wllama/LICENCE',
}

/** The MIT licence with its copyright line. */
export function mitText(copyright: string): string {
  return `MIT License

${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`
}
