/** The parts of a reasoning that a clinician looks for. */
export type SectionKind =
  'findings' | 'hypotheses' | 'evidence-for' | 'evidence-against' | 'doubts' | 'conclusion'

export interface Section {
  /** Null before the first heading. */
  kind: SectionKind | null
  text: string
}

/** In this order: "evidence against" is also evidence. */
const NAMES: readonly (readonly [SectionKind, string])[] = [
  ['evidence-against', 'evidence against|against|反对(?:的)?证据|反面证据|不支持(?:的)?证据|反对点'],
  ['evidence-for', 'evidence for|supporting evidence|for|支持(?:的)?证据|正面证据|支持点'],
  ['findings', '(?:key )?findings|关键发现|主要发现|发现|病例要点|要点'],
  ['hypotheses', 'hypothes[ei]s|candidate (?:diagnoses|answers)|可能性假设|假设|假说|候选诊断'],
  ['doubts', 'doubts?|uncertaint(?:y|ies)|疑点|疑问|存疑|不确定之处'],
  ['conclusion', '(?:final )?conclusions?|最终结论|结论'],
]

/** "## Findings", "**Findings:**", "3. Findings:", "【发现】", "结论：…"; alone on its line or followed by a colon. */
const HEADINGS = NAMES.map(
  ([kind, names]) =>
    [
      kind,
      new RegExp(
        String.raw`^[ \t]*(?:#{1,6}[ \t]*)?(?:\d{1,2}[.、)][ \t]*)?(?:\*\*|【)?(?:${names})(?:】)?(?:[ \t]*\*\*)?[ \t]*(?:$|[:：](?:\*\*)?)`,
        'iu',
      ),
    ] as const,
)

/**
 * The sections of a text, in its order; nothing of it is lost but the headings. A text without headings is one section
 * of no kind.
 */
export function readSections(text: string): Section[] {
  const sections: { kind: SectionKind | null; lines: string[] }[] = [{ kind: null, lines: [] }]
  for (const line of text.split('\n')) {
    const heading = headingOf(line)
    if (heading) sections.push({ kind: heading.kind, lines: [heading.rest] })
    else sections.at(-1)?.lines.push(line)
  }
  return sections
    .map(({ kind, lines }) => ({ kind, text: lines.join('\n').trim() }))
    .filter(({ kind, text }) => kind !== null || text !== '')
}

/** A line longer than this begins no section: no heading is, and what follows one on its line comes after its colon. */
const LONGEST_HEADING = 60

function headingOf(line: string): { kind: SectionKind; rest: string } | null {
  const beginning = line.slice(0, LONGEST_HEADING)
  for (const [kind, pattern] of HEADINGS) {
    const found = pattern.exec(line.length > LONGEST_HEADING ? `${beginning}\u2026` : beginning)
    if (found) return { kind, rest: line.slice(found[0].length).trim() }
  }
  return null
}
