/** A benchmark run as CSV: one row per question asked, for spreadsheets and statistics packages. */
import { optionLetter } from '../prompt/question'
import { standingAt } from '../run/standing-at'
import type { Answer } from '../run/types'
import { levelChoice } from '../score/accuracy-table'
import { keyedLetter, scoringsOf, verdict, type Scoring } from '../score/verdict'
import { csvParts, type CsvValue } from './csv'
import { itemSha256 } from './exported-item'
import { inOrderAsked, type ExportableRun } from './exportable-run'
import { readingColumns } from './reading-columns'
import type { ExportOptions } from './run-export'

/** One CSV column: its name, and its value for an answer of the run. */
interface Column {
  name: string
  value: (answer: Answer, run: ExportableRun, sha256: (text: string) => string) => CsvValue
}

/** Empty where the protocol does not have the scoring: an answer that nobody asked for is not a wrong one. */
function correct(scoring: Scoring): Column['value'] {
  return (answer, { plan }) =>
    scoringsOf(plan.protocol).includes(scoring) ? verdict(answer, scoring) === 'right' : null
}

const COLUMNS: readonly Column[] = [
  { name: 'position', value: (answer) => answer.position },
  { name: 'item_id', value: (answer) => answer.item.id },
  {
    name: 'item_sha256',
    value: ({ item, rotation }, _, sha256) => itemSha256(item, rotation, sha256),
  },
  { name: 'language', value: (answer) => answer.item.language },
  { name: 'level', value: (answer) => levelChoice(answer) },
  { name: 'option_count', value: (answer) => answer.item.options.length },
  // Rows with a rotation belong to no accuracy.
  { name: 'rotation', value: (answer) => answer.rotation },
  { name: 'key', value: keyedLetter },
  { name: 'official_letter', value: (answer) => answer.officialLetter },
  { name: 'official_correct', value: correct('official') },
  { name: 'strict_letter', value: (answer) => answer.strictLetter },
  { name: 'strict_correct', value: correct('strict') },
  { name: 'strict_reason', value: (answer) => answer.strictReason },
  { name: 'forward_letter', value: (answer) => answer.forward?.letter ?? null },
  { name: 'forward_correct', value: correct('forward') },
  // "A:0.7 B:0.2 C:0.1": the number of options differs from item to item.
  { name: 'forward_probabilities', value: (answer) => probabilities(answer) },
  { name: 'forward_prompt_tokens', value: (answer) => answer.forward?.promptTokens ?? null },
  { name: 'forward_ms', value: (answer) => answer.forward?.elapsedMs ?? null },
  // What went through the model of its prompt, checks included, what was kept from earlier prompts, how, and whether
  // both ways of reading were compared and agreed.
  ...readingColumns('forward_', (answer: Answer) => answer.forward?.reading),
  { name: 'finish', value: (answer) => answer.finish },
  { name: 'failure', value: (answer) => answer.failure?.kind ?? null },
  { name: 'prompt_tokens', value: (answer) => answer.promptTokens },
  ...readingColumns('', (answer: Answer) => answer.reading),
  { name: 'completion_tokens', value: (answer) => answer.completionTokens },
  { name: 'time_to_first_token_ms', value: (answer) => answer.timeToFirstTokenMs },
  { name: 'decode_ms', value: (answer) => answer.decodeMs },
  { name: 'in_background', value: (answer) => answer.hidden },
  { name: 'answered_at', value: (answer) => new Date(answer.answeredAt).toISOString() },
  { name: 'key_doubted', value: (answer, run) => run.flags[answer.position] !== undefined },
  { name: 'doubt_note', value: (answer, run) => run.flags[answer.position] ?? null },
  { name: 'model', value: (_, run) => run.plan.model.name },
  { name: 'quantization', value: (_, run) => run.plan.model.quantization },
  { name: 'dataset', value: (_, run) => run.plan.dataset.name },
  { name: 'protocol', value: (_, run) => run.plan.protocol },
  { name: 'prompts', value: (_, run) => `${run.plan.prompts.name} ${run.plan.prompts.version}` },
  { name: 'reuse_prompts', value: (_, run) => run.plan.reusePrompt === true },
  // What the self-test of the device says, see `Standing`.
  { name: 'numbers', value: ({ position }, run) => standingAt(run, position) },
  { name: 'shots', value: (_, run) => run.plan.shots?.count ?? 0 },
  // A run only goes on with the same weights, so its first session names them for all answers.
  { name: 'weights_sha256', value: (_, run) => run.starts[0]?.engine.fingerprint ?? null },
  { name: 'items_sha256', value: (_, run) => run.plan.dataset.itemsSha256 },
  { name: 'asked_sha256', value: (_, run) => run.plan.askedSha256 },
  { name: 'prompt_sha256', value: (_, run) => run.plan.promptSha256 },
  { name: 'app', value: (_, run) => run.plan.appVersion },
  { name: 'run_id', value: (_, run) => run.plan.id },
  { name: 'reply', value: (answer) => answer.reply },
]

/** Where each answer was chosen from several replies; `samples-csv.ts` has a row for each of them. */
const SAMPLED_COLUMNS: readonly Column[] = [
  { name: 'strategy', value: (_, run) => run.plan.strategy?.kind ?? null },
  {
    name: 'aggregate',
    value: (_, { plan: { strategy } }) => (strategy && 'aggregate' in strategy ? strategy.aggregate : null),
  },
  { name: 'samples_planned', value: (_, run) => run.plan.strategy?.samples ?? null },
  { name: 'samples_taken', value: ({ sampling }) => sampling?.taken ?? null },
  {
    name: 'sample_shown',
    value: ({ sampling }) => (sampling ? (sampling.strict.representative ?? 0) : null),
  },
]

const QUESTION_COLUMNS: readonly Column[] = [
  { name: 'stem', value: (answer) => answer.item.stem },
  {
    name: 'options',
    value: (answer) => answer.item.options.map((text, index) => `${optionLetter(index)}. ${text}`).join('\n'),
  },
]

/**
 * The CSV file in pieces: UTF-8 with byte order mark, header, one row per question asked.
 *
 * @param sha256 the SHA-256 (hex) of a text in UTF-8
 */
export function runCsvParts(
  run: ExportableRun,
  options: ExportOptions,
  sha256: (text: string) => string,
): Generator<string> {
  const asked = inOrderAsked(run)
  const columns = [
    ...COLUMNS,
    ...(run.plan.strategy ? SAMPLED_COLUMNS : []),
    ...(options.includeQuestions ? QUESTION_COLUMNS : []),
  ]
  function* rows() {
    for (const answer of asked) yield columns.map((column) => column.value(answer, run, sha256))
  }
  return csvParts(
    columns.map((column) => column.name),
    rows(),
  )
}

function probabilities({ forward }: Answer): string | null {
  if (!forward) return null
  return forward.probabilities.map((value, index) => `${optionLetter(index)}:${value}`).join(' ')
}
