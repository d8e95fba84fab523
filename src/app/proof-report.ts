/** The privacy report as files: for machines, and for paper. */
import { hostTotals } from '#core/privacy/ledger-totals'
import { reportFileName, type PrivacyReport } from '#core/privacy/report'
import type { Verdict } from '#core/privacy/self-test'
import type { Locale } from '#i18n/locale.svelte'
import { verdictText, verdictWord } from './proof-text'

/** The file is opened by itself, so it carries its own few styles. */
const STYLE = `body{font:11pt/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border:1px solid #999;padding:.2rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
th{background:#eee}dt{font-weight:600}dd{margin:0 0 .4rem;overflow-wrap:anywhere}.through td{font-weight:700}tr{break-inside:avoid}`

export function reportJsonFile(report: PrivacyReport, { t }: Pick<Locale, 't'>): File {
  const content = { ...report, cannotPrevent: t.proof.limits.items }
  return new File([`${JSON.stringify(content, null, 2)}\n`], reportFileName(report, 'json'), {
    type: 'application/json',
  })
}

export function reportHtmlFile(report: PrivacyReport, locale: Locale): File {
  return new File([reportHtml(report, locale)], reportFileName(report, 'html'), {
    type: 'text/html;charset=utf-8',
  })
}

/** A whole document. What comes from outside the app, addresses above all, is written as text. */
export function reportHtml(report: PrivacyReport, locale: Locale): string {
  const { test, ledger, limits, report: words } = locale.t.proof
  return [
    `<!doctype html><html lang="${locale.tag}"><meta charset="utf-8">`,
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escaped(words.heading)}</title><style>${STYLE}</style>`,
    `<h1>${escaped(words.heading)}</h1>`,
    facts(report, locale),
    `<h2>${escaped(test.title)}</h2>`,
    selfTest(report, locale),
    `<h2>${escaped(ledger.title)}</h2>`,
    ledgerTables(report, locale),
    `<h2>${escaped(limits.title)}</h2>`,
    `<ul>${limits.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul></html>`,
  ].join('\n')
}

function facts({ madeAt, app, browser, lock }: PrivacyReport, locale: Locale): string {
  const words = locale.t.proof.report
  const rows: [string, string][] = [
    [words.made, madeAt],
    [words.address, app.address],
    [words.version, app.version],
    [words.buildHash, app.buildHash ?? words.unknown],
    [words.browser, browser],
    [words.lock, lock.locked ? words.locked : words.open],
    [words.inForce, lock.inForce === null ? words.unknown : lock.inForce ? words.yes : words.no],
    [words.hosts, lock.hosts.join(', ') || words.noHosts],
  ]
  const list = rows.map(([term, value]) => `<dt>${escaped(term)}</dt><dd>${escaped(value)}</dd>`)
  return `<dl>${list.join('')}</dl><p>${escaped(words.checkBuild)}</p>`
}

function selfTest({ selfTest: tested }: PrivacyReport, locale: Locale): string {
  const { test, report: words } = locale.t.proof
  if (!tested) return `<p>${escaped(words.notTested)}</p>`
  const rows = tested.canaries.map(({ realm, id, verdict }) => [
    test.canaries[id],
    test.realms[realm],
    test.results[verdictWord(verdict)],
    verdictText({ realm, id }, verdict, test),
  ])
  const { counts } = tested
  const summary = (['refused', 'unproven', 'through', 'byDesign', 'untestable'] as const)
    .map((kind) => `${test.results[kind]}: ${counts[kind]}`)
    .join(' · ')
  return [
    `<p>${escaped(test.aimed(tested.target, tested.startedAt))}</p>`,
    tested.finished ? '' : `<p><strong>${escaped(words.unfinished)}</strong></p>`,
    `<p>${escaped(summary)}</p>`,
    table([test.attempt, test.where, test.result, test.by], rows, (index) =>
      isThrough(tested.canaries[index]?.verdict) ? 'through' : '',
    ),
  ].join('')
}

function ledgerTables({ ledger }: PrivacyReport, locale: Locale): string {
  const words = locale.t.proof.ledger
  const counted = ledger.totals.reduce((sum, { requests }) => sum + requests, 0)
  const rows = hostTotals(ledger.totals).map((total) => [
    total.host,
    words.witnesses[total.witness],
    ...[total.requests, total.fromCache, total.allowed, total.refused, total.failed, total.bytes].map(
      (count) => locale.number(count),
    ),
  ])
  const books = ledger.books.map(({ host, app, seen, verdict }) => [
    host,
    locale.number(app),
    locale.number(seen),
    words.bookVerdicts[verdict],
  ])
  const { fromCache, allowed, refusedCount, failedCount } = words
  return [
    `<p>${escaped(ledger.since ? words.since(locale.number(counted), ledger.since) : words.empty)}</p>`,
    ledger.unwritten > 0 ? `<p>${escaped(words.unwritten(locale.number(ledger.unwritten)))}</p>` : '',
    table(
      [words.host, words.witness, words.requests, fromCache, allowed, refusedCount, failedCount, words.bytes],
      rows,
    ),
    `<h3>${escaped(words.books)}</h3><p>${escaped(words.booksHint)}</p>`,
    books.length === 0
      ? `<p>${escaped(words.booksNone)}</p>`
      : table([words.host, words.bookApp, words.bookSeen, words.bookVerdict], books),
  ].join('')
}

function isThrough(verdict: Verdict | undefined): boolean {
  return verdict?.kind === 'through' && !verdict.byDesign
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  classOf: (index: number) => string = () => '',
): string {
  const cells = (row: readonly string[], tag: 'th' | 'td') =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')
  const body = rows.map((row, index) => `<tr class="${classOf(index)}">${cells(row, 'td')}</tr>`).join('')
  return `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${body}</tbody></table>`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
