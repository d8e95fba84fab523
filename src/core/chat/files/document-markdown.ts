/** A conversation as Markdown, for editors, repositories and papers. */
import type { ConversationDocument, DocumentTexts, QuestionEntry, ReplyEntry } from './document'

/** A model's own Markdown stays as it wrote it, quoted line by line: nothing in it can pose as ours. */
export function* markdownParts(
  { title, saved, entries }: ConversationDocument,
  { notice, reasoning }: DocumentTexts,
): Generator<string> {
  yield `# ${lineText(title)}\n\n${lineText(saved)}\n\n**${lineText(notice)}**\n`
  for (const entry of entries) {
    yield entry.role === 'user' ? questionText(entry) : replyText(entry, reasoning)
  }
}

function questionText({ heading, date, text }: QuestionEntry): string {
  return `\n---\n\n## ${lineText(heading)}\n\n${lineText(date)}\n\n${quoted(text)}\n`
}

function replyText(entry: ReplyEntry, reasoningLabel: string): string {
  const { heading, facts, remarks, summary, sampling, reasoning, answer } = entry
  return [
    `\n---\n\n## ${lineText(heading)}\n`,
    `${facts.map(({ label, value }) => `- ${lineText(label)}: ${lineText(value)}`).join('\n')}\n`,
    ...remarks.map((remark) => `*${lineText(remark)}*\n`),
    ...(summary ? [`### ${lineText(summary.title)}\n`, `${quoted(summary.text)}\n`] : []),
    ...(reasoning === null ? [] : [`### ${lineText(reasoningLabel)}\n`, `${quoted(reasoning)}\n`]),
    ...(answer === '' ? [] : [`${quoted(answer)}\n`]),
    ...(sampling
      ? [
          `### ${lineText(sampling.title)}\n`,
          ...sampling.lines.map((line) => `${lineText(line)}\n`),
          ...sampling.samples.flatMap((sample) => [
            `#### ${lineText(sample.heading)}\n`,
            `${quoted(sample.text)}\n`,
          ]),
        ]
      : []),
  ].join('\n')
}

/** Every line end that Unicode knows begins a quoted line, so that no text leaves its quotation. */
function quoted(text: string): string {
  return text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n')
}

/** One line, in which nothing is markup. */
function lineText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~&]/g, '\\$&')
}
