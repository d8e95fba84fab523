/**
 * A conversation as one HTML file that needs nothing else: no script, no request. Its own policy allows its one style
 * sheet, by hash, and nothing more, so that even markup that slipped through would do nothing.
 */
import type { ConversationDocument, DocumentTexts, Fact, QuestionEntry, ReplyEntry } from './document'
import { DOCUMENT_STYLE } from './document-style'

export interface DocumentRendering {
  /** SHA-256 of `DOCUMENT_STYLE`, in base64. */
  styleSha256: string
  /** A model's Markdown as HTML that has been sanitised. */
  render: (markdown: string) => string
}

/** The file in pieces of one message, because rendering a long conversation takes seconds. */
export function* htmlParts(
  { title, saved, entries }: ConversationDocument,
  texts: DocumentTexts,
  { styleSha256, render }: DocumentRendering,
): Generator<string> {
  const policy = [
    `default-src 'none'`,
    `style-src 'sha256-${styleSha256}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  yield `<!doctype html>
<html lang="${escaped(texts.lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${DOCUMENT_STYLE}</style>
</head>
<body>
<header>
<h1 dir="auto">${escaped(title)}</h1>
<p>${escaped(saved)}</p>
<p class="notice">${escaped(texts.notice)}</p>
</header>
<main>
`
  for (const entry of entries) {
    yield entry.role === 'user' ? questionHtml(entry) : replyHtml(entry, texts.reasoning, render)
  }
  yield `</main>
<footer><p>${escaped(texts.notice)}</p></footer>
</body>
</html>
`
}

function questionHtml({ heading, date, text }: QuestionEntry): string {
  return `<article class="question">
<h2>${escaped(heading)}</h2>
<p class="date">${escaped(date)}</p>
<div class="text" dir="auto">${escaped(text)}</div>
</article>
`
}

function replyHtml(
  { heading, facts, remarks, summary, sampling, reasoning, answer }: ReplyEntry,
  reasoningLabel: string,
  render: DocumentRendering['render'],
): string {
  return `<article class="reply">
<h2>${escaped(heading)}</h2>
${summary ? foldHtml(summary.title, `<div class="text" dir="auto">${escaped(summary.text)}</div>`) : ''}${
    reasoning === null ? '' : foldHtml(reasoningLabel, `<div dir="auto">${render(reasoning)}</div>`)
  }<div class="answer" dir="auto">${render(answer)}</div>
${remarks.map((remark) => `<p class="remark">${escaped(remark)}</p>\n`).join('')}${sampling ? samplingHtml(sampling) : ''}<dl>
${facts.map(factHtml).join('')}</dl>
</article>
`
}

function samplingHtml({ title, lines, samples }: NonNullable<ReplyEntry['sampling']>): string {
  const said = lines.map((line) => `<p class="remark">${escaped(line)}</p>\n`).join('')
  const drawn = samples.map(({ heading, text }) =>
    foldHtml(heading, `<div class="text" dir="auto">${escaped(text)}</div>`),
  )
  return foldHtml(title, `<div>\n${said}${drawn.join('')}</div>`)
}

function foldHtml(title: string, content: string): string {
  return `<details><summary>${escaped(title)}</summary>\n${content}\n</details>\n`
}

function factHtml({ label, value }: Fact): string {
  return `<div><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>\n`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // An HTML file cannot hold it: parsers drop or replace it.
  '\0': '\uFFFD',
}

/** Text for a place between tags or in a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'\0]/g, (character) => ENTITIES[character] ?? character)
}
