import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renderMarkdown, sanitize } from '../../src/ui/chat/markdown'

/** An address that every attack below reaches for; nothing may ever ask for it. */
const TRAP = `${location.origin}/trap`

/** Every attack calls `window.owned()`; nothing may ever run it. */
const ATTACKS: [what: string, source: string][] = [
  ['a script', '<script>owned()</script>'],
  ['a remote script', `<script src="${TRAP}/a.js"></script>`],
  ['an image with a handler', `<img src="${TRAP}/b.png" onerror="owned()">`],
  ['a broken image with a handler', '<img src=x: onerror=owned()>'],
  ['a Markdown image', `![alt](${TRAP}/c.png)`],
  ['an SVG with a handler', '<svg onload="owned()"><script>owned()</script></svg>'],
  ['an SVG that uses a remote file', `<svg><use href="${TRAP}/d.svg#x"/><image href="${TRAP}/e.png"/></svg>`],
  ['SVG animation', '<svg><animate onbegin="owned()" attributeName="x" dur="1s"/></svg>'],
  [
    'MathML confusion',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: onerror=owned()&gt;">',
  ],
  ['a noscript mutation', '<noscript><p title="</noscript><img src=x: onerror=owned()>">'],
  [
    'a form over a form',
    '<form id="a"><math><mtext></form><form><mglyph><style></math><img src=x: onerror=owned()>',
  ],
  ['a style sheet', `<style>@import url("${TRAP}/f.css"); * { background: url(${TRAP}/g.png) }</style>`],
  ['a style attribute', `<p style="background: url(${TRAP}/h.png)">x</p>`],
  ['a remote style sheet', `<link rel="stylesheet" href="${TRAP}/i.css">`],
  ['a prefetch', `<link rel="preload" as="image" href="${TRAP}/j.png">`],
  ['a frame', `<iframe src="${TRAP}/k.html" srcdoc="<script>parent.owned()</script>"></iframe>`],
  ['an object', `<object data="${TRAP}/l.swf"></object><embed src="${TRAP}/m.swf">`],
  [
    'media',
    `<video src="${TRAP}/n.mp4" poster="${TRAP}/o.png"></video><audio src="${TRAP}/p.mp3" autoplay></audio>`,
  ],
  [
    'a form',
    `<form action="${TRAP}/q"><input name="x" autofocus onfocus="owned()"><button>Go</button></form>`,
  ],
  ['a details handler', '<details open ontoggle="owned()">x</details>'],
  ['a javascript link', '<a href="javascript:owned()">x</a>'],
  ['a Markdown javascript link', '[x](javascript:owned())'],
  ['a javascript link with a tab', '<a href="java\tscript:owned()">x</a>'],
  ['a javascript link in entities', '[x](&#106;avascript&colon;owned())'],
  ['a data link', '[x](data:text/html;base64,PHNjcmlwdD5vd25lZCgpPC9zY3JpcHQ+)'],
  ['a vbscript link', '<a href="vbscript:owned()">x</a>'],
  ['a base address', `<base href="${TRAP}/">`],
  ['a refresh', `<meta http-equiv="refresh" content="0;url=${TRAP}/r">`],
  ['a clobbering id', '<a id="app" name="owned" href="https://example.org">x</a>'],
  ['a custom element', '<x-y onclick="owned()" is="z">x</x-y>'],
  ['a template', '<template><script>owned()</script></template>'],
  ['CDATA', '<![CDATA[<script>owned()</script>]]>'],
  ['a handler split over Markdown', '<a href="https://example.org" onmouseover="owned()">**x**</a>'],
  ['an autolink', '<javascript:owned()>'],
  ['code that closes itself', '```\n</code></pre><img src=x: onerror=owned()>\n```'],
  ['a code language that breaks out', '```"><img src=x: onerror=owned()>\nx\n```'],
  ['a link title that breaks out', '[x](https://example.org "\\"><img src=x: onerror=owned()>")'],
]

const ALLOWED = 'P BR HR STRONG EM DEL CODE PRE BLOCKQUOTE UL OL LI H3 TABLE THEAD TBODY TR TH TD A'.split(
  ' ',
)
const ALLOWED_ATTRIBUTES = ['href', 'start', 'target', 'rel']

const requested: string[] = []
let owned = 0
const observer = new PerformanceObserver((list) =>
  requested.push(...list.getEntries().map(({ name }) => name)),
)

beforeAll(() => {
  observer.observe({ type: 'resource', buffered: false })
  Object.assign(window, { owned: () => (owned += 1) })
})
afterAll(() => observer.disconnect())
beforeEach(() => document.body.replaceChildren())

/** Puts the result into the live document, hovers and focuses everything, and waits for what it might start. */
async function live(fragment: DocumentFragment): Promise<Element[]> {
  document.body.replaceChildren(fragment)
  const elements = [...document.body.querySelectorAll('*')]
  for (const element of elements) {
    element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))
    ;(element as HTMLElement).focus()
  }
  await new Promise((resolve) => setTimeout(resolve, 30))
  return elements
}

function expectHarmless(elements: Element[]) {
  for (const element of elements) {
    expect(ALLOWED, element.outerHTML).toContain(element.tagName)
    for (const { name, value } of element.attributes) {
      expect(ALLOWED_ATTRIBUTES, element.outerHTML).toContain(name)
      if (name === 'href') expect(value).toMatch(/^https?:\/\//)
    }
  }
  expect(owned).toBe(0)
  expect(requested.filter((url) => url.startsWith(TRAP))).toEqual([])
}

describe('hostile replies', () => {
  it.each(ATTACKS)('renderMarkdown disarms %s', async (_, source) => {
    expectHarmless(await live(renderMarkdown(source)))
  })

  // The second line of defence on its own: what if the Markdown step let HTML through?
  it.each(ATTACKS)('sanitize disarms %s', async (_, source) => {
    expectHarmless(await live(sanitize(source)))
  })

  it('would notice an attack that works', async () => {
    const before = owned
    const image = document.createElement('img')
    image.setAttribute('onerror', 'owned()')
    image.src = `${TRAP}/control.png`
    document.body.append(image)
    await expect.poll(() => requested.some((url) => url.endsWith('/control.png'))).toBe(true)
    if (owned > before) owned = before
    requested.length = 0
  })
})

function html(markdown: string): string {
  const holder = document.createElement('div')
  holder.append(renderMarkdown(markdown))
  return holder.innerHTML.trim()
}

describe('renderMarkdown', () => {
  it.each([
    ['paragraphs and line breaks', 'a\nb\n\nc', '<p>a<br>b</p>\n<p>c</p>'],
    ['emphasis', '**a** *b* ~~c~~', '<p><strong>a</strong> <em>b</em> <del>c</del></p>'],
    ['headings of any depth as one', '# a\n#### b', '<h3>a</h3><h3>b</h3>'],
    ['HTML as text', 'PaCO2 <35> <b>x</b>', '<p>PaCO2 &lt;35&gt; &lt;b&gt;x&lt;/b&gt;</p>'],
    ['thinking tags as text', '<think>a</think>b', '<p>&lt;think&gt;a&lt;/think&gt;b</p>'],
    ['images as their text', '![a monitor](https://example.org/x.png)', '<p>a monitor</p>'],
    [
      'links that leak nothing',
      '[x](https://example.org)',
      '<p><a href="https://example.org" target="_blank" rel="noopener noreferrer">x</a></p>',
    ],
    ['Chinese', '**麻醉**深度', '<p><strong>麻醉</strong>深度</p>'],
  ])('shows %s', (_, markdown, expected) => {
    expect(html(markdown)).toBe(expected)
  })

  it('shows tables, lists and code', () => {
    expect(html('| a | b |\n|---|---|\n| 1 | 2 |')).toContain('<td>2</td>')
    expect(html('3. a\n4. b')).toContain('<ol start="3">')
    expect(html('- [x] done')).toContain('☑')
    expect(html('```js\n<b>\n```')).toContain('<pre><code>&lt;b&gt;\n</code></pre>')
  })

  it('renders a reply of the longest length without blocking a frame for long', () => {
    const long = '- **dose** of `x` <y> [z](https://example.org)\n'.repeat(400)
    const before = performance.now()
    renderMarkdown(long)
    expect(performance.now() - before).toBeLessThan(1000)
  })
})
