import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import Markdown from '#ui/chat/Markdown.svelte'
import { renderBlock, sanitize } from '../../src/ui/chat/markdown'
import { BlockReader } from '../../src/ui/chat/markdown-blocks'
import { renderFormula } from '../../src/ui/chat/markdown-formula'
import '../../src/ui/theme.css'
import { sampleReplies } from '../fixtures/sample-replies'
import { openTab } from './chat-fixture'
import StoresHarness from './StoresHarness.svelte'

function renderMarkdown(text: string): DocumentFragment {
  const fragment = new DocumentFragment()
  fragment.append(...new BlockReader().blocks(text, false).map(renderBlock))
  return fragment
}

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

const ALLOWED =
  'P BR HR STRONG EM DEL CODE PRE BLOCKQUOTE UL OL LI H3 TABLE THEAD TBODY TR TH TD A VAR SAMP SPAN'.split(
    ' ',
  )
const ALLOWED_ATTRIBUTES = [
  'class',
  'start',
  'data-language',
  'data-address',
  'data-host',
  'role',
  'tabindex',
]

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
      if (name === 'data-address') expect(value).toMatch(/^https?:\/\//)
      if (name === 'class') expect(value).toMatch(/^(unseen|plain)$/)
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

describe('links', () => {
  const link = (markdown: string) => renderMarkdown(markdown).querySelector('a')

  it('are nothing that a browser could follow, and say where they lead', () => {
    const anchor = link('[who.int](https://example.org/a?b)')
    expect(anchor?.hasAttribute('href')).toBe(false)
    expect(anchor?.dataset).toMatchObject({ address: 'https://example.org/a?b', host: 'example.org' })
    expect(link('https://example.org/a')?.dataset.host).toBeUndefined()
    expect(link('[https://example.org](https://example.net)')?.dataset.host).toBe('example.net')
  })

  it('show foreign letters that look like ours as what they are', () => {
    expect(link('[x](https://еxample.org)')?.dataset.host).toBe('xn--xample-2of.org')
  })
})

describe('unseen characters', () => {
  it.each([
    ['a character that turns text round', 'dose \u202Egm 01', 'dose U+202Egm 01'],
    ['a run of zero-width characters', 'a\u200B\u200B\u200Bb', 'aU+200B ×3b'],
    ['an isolate in code', '`a\u2066b`', 'aU+2066b'],
    ['a joiner in an emoji, which is spelling', '👩\u200D⚕️', '👩\u200D⚕️'],
    ['a joiner in Persian, which is spelling', 'می\u200Cخواهم', 'می\u200Cخواهم'],
    ['tags', 'a\u{E0041}\u{E0042}', 'aU+E0041…'],
  ])('are shown: %s', (_, markdown, expected) => {
    expect(renderMarkdown(markdown).textContent.trim()).toBe(expected)
  })
})

describe('formulas', () => {
  it.each([
    'x^2',
    '\\frac{a}{b}',
    '\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}',
    '\\text{剂量} = 2\\,\\mathrm{mg/kg}',
  ])('become MathML: %s', (tex) => {
    expect(renderFormula(tex, true)?.namespaceURI).toBe('http://www.w3.org/1998/Math/MathML')
  })

  it.each([
    ['a macro without end', '\\def\\a{\\a\\a}\\a'],
    [
      'macros that multiply',
      `${Array.from('abcdefghij', (name, i) => `\\def\\${name}{${`\\${'abcdefghij'[i + 1] ?? 'x '}`.repeat(10)}}`).join('')}\\a`,
    ],
    ['depth', '{'.repeat(50_000) + '}'.repeat(50_000)],
    ['a link', '\\href{javascript:owned()}{x}'],
    ['an address', '\\url{javascript:owned()}'],
    ['an image', `\\includegraphics{${TRAP}/a.png}`],
    ['an id', '\\htmlId{app}{x}'],
    ['a class', '\\class{unseen}{x}'],
    ['a style', `\\htmlStyle{background:url(${TRAP}/a.png)}{x}`],
    ['no TeX', '\\notacommand{'],
  ])('stay TeX: %s', (_, tex) => {
    expect(renderFormula(tex, true)).toBeNull()
  })

  it('have no size beyond bounds', () => {
    const math = renderFormula('\\rule{10000em}{10000em}', false)
    expect(math?.outerHTML ?? '').not.toMatch(/\d{4,}/)
  })
})

describe('a reply on the page', () => {
  const shown = () => document.querySelector('.markdown') as HTMLElement

  async function show(text: string, writing = false) {
    const { stores } = await openTab(`test-markdown-${crypto.randomUUID()}`)
    const given = { text, writing }
    const view = await render(StoresHarness, { stores, components: [Markdown], given })
    return (next: string, more = true) =>
      view.rerender({ stores, components: [Markdown], given: { text: next, writing: more } })
  }

  beforeEach(() => cleanup())

  it('keeps the elements of finished blocks, and ends as if it had come at once', async () => {
    const isSet = () => shown().querySelector('var:not([class]), samp:not([class])') === null
    for (const [what, reply] of sampleReplies) {
      await show(reply)
      // They come one by one, as slices of time allow.
      const count = new BlockReader().blocks(reply, false).length
      await expect.poll(() => shown().children.length === count && isSet()).toBe(true)
      const atOnce = shown().innerHTML
      cleanup()
      const grow = await show(reply.slice(0, 1), true)
      let first: Element | null = null
      for (let length = 1; length < reply.length; length += 7) {
        await grow(reply.slice(0, length))
        const blocks = [...shown().children]
        if (first && blocks.length > 2) expect(blocks[0], what).toBe(first)
        first = blocks.length > 1 ? (blocks[0] ?? null) : null
      }
      await grow(reply, false)
      await expect.poll(() => shown().innerHTML, { message: what }).toBe(atOnce)
      cleanup()
    }
  })

  it('sets formulas and opens no link without asking', async () => {
    await show('so $x^2$ see [the page](https://example.org/a)')
    await expect.poll(() => shown().querySelector('var.formula math')).not.toBeNull()
    await page.getByRole('link', { name: /the page/ }).click()
    await expect.element(page.getByRole('dialog')).toHaveTextContent('https://example.org/a')
    const open = page.getByRole('link', { name: 'Open in a new tab' }).element()
    expect(open.getAttribute('rel')).toBe('noopener noreferrer nofollow')
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.querySelector('dialog')).toBeNull()
  })

  it('shows the whole of a huge table and of an endless line when asked', async () => {
    await show(`|a|b|\n|-|-|\n${'|1|2|\n'.repeat(3000)}\n${'x'.repeat(60_000)}`)
    await page.getByRole('button', { name: 'Show all 3,000 rows' }).click()
    await expect.poll(() => shown().querySelectorAll('tbody tr').length).toBe(3000)
    await page.getByRole('button', { name: 'Show all 60,000 characters' }).click()
    await expect.poll(() => shown().textContent.match(/x/g)?.length).toBe(60_000)
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(innerWidth)
  })
})
