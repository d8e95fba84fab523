/** The samples of a run as CSV: one row per reply drawn, for statistics packages. */
import type { DrawnSample, LaterScores } from '../run/samples'
import { ballotsOf } from '../run/sampling'
import type { Answer, RunPlan } from '../run/types'
import { keyedLetter } from '../score/verdict'
import { verifierVersionOf } from '../strategy/scorer'
import { worthOf } from '../strategy/worth'
import { csvParts, type CsvValue } from './csv'
import { inOrderAsked, type ExportableRun } from './exportable-run'
import { itemSha256 } from './exported-item'
import { readingColumns } from './reading-columns'

/** What a row is made of. */
interface Row {
  plan: RunPlan
  answer: Answer
  sample: DrawnSample
  later: readonly LaterScores[]
}

interface Column {
  name: string
  value: (row: Row, sha256: (text: string) => string) => CsvValue
}

const COLUMNS: readonly Column[] = [
  { name: 'position', value: ({ answer }) => answer.position },
  // Counted from 0, like positions.
  { name: 'sample', value: ({ sample }) => sample.index },
  { name: 'item_id', value: ({ answer }) => answer.item.id },
  { name: 'item_sha256', value: ({ answer }, sha256) => itemSha256(answer.item, answer.rotation, sha256) },
  { name: 'language', value: ({ answer }) => answer.item.language },
  { name: 'rotation', value: ({ answer }) => answer.rotation },
  { name: 'key', value: ({ answer }) => keyedLetter(answer) },
  { name: 'seed', value: ({ sample }) => sample.seed },
  { name: 'official_letter', value: ({ sample }) => sample.officialLetter },
  {
    name: 'official_correct',
    value: ({ answer, sample }) => sample.officialLetter === keyedLetter(answer),
  },
  { name: 'strict_letter', value: ({ sample }) => sample.strictLetter },
  { name: 'strict_correct', value: ({ answer, sample }) => sample.strictLetter === keyedLetter(answer) },
  { name: 'strict_reason', value: ({ sample }) => sample.strictReason },
  {
    name: 'represents_official',
    value: ({ answer, sample }) => answer.sampling?.official.representative === sample.index,
  },
  {
    name: 'represents_strict',
    value: ({ answer, sample }) => answer.sampling?.strict.representative === sample.index,
  },
  // What it counts where the run's own strategy chooses by steps.
  { name: 'worth', value: worth },
  { name: 'step_scores', value: ({ sample }) => sample.scores?.steps.join(' ') ?? null },
  { name: 'scorer', value: ({ sample }) => sample.scores?.scorer.kind ?? null },
  {
    name: 'verifier_version',
    value: ({ sample }) => sample.scores && verifierVersionOf(sample.scores.scorer),
  },
  {
    name: 'later_step_scores',
    value: ({ later }) =>
      later.map(({ scores }) => `${scorerName(scores)}: ${scores.steps.join(' ')}`).join('\n'),
  },
  { name: 'finish', value: ({ sample }) => sample.finish },
  { name: 'prompt_tokens', value: ({ sample }) => sample.promptTokens },
  ...readingColumns('', ({ sample }: Row) => sample.reading),
  { name: 'completion_tokens', value: ({ sample }) => sample.completionTokens },
  { name: 'time_to_first_token_ms', value: ({ sample }) => sample.timeToFirstTokenMs },
  { name: 'decode_ms', value: ({ sample }) => sample.decodeMs },
  { name: 'scoring_prompt_tokens', value: ({ sample }) => sample.scores?.promptTokens ?? null },
  ...readingColumns('scoring_', ({ sample }: Row) => sample.scores?.reading),
  { name: 'scoring_ms', value: ({ sample }) => sample.scores?.elapsedMs ?? null },
  { name: 'in_background', value: ({ sample }) => sample.hidden ?? null },
  { name: 'drawn_at', value: ({ sample }) => new Date(sample.at).toISOString() },
  { name: 'strategy', value: ({ plan }) => plan.strategy?.kind ?? null },
  { name: 'run_id', value: ({ plan }) => plan.id },
  { name: 'reply', value: ({ sample }) => sample.reply },
]

/**
 * The CSV file in pieces: UTF-8 with byte order mark, header, one row per reply to a question that was answered. It has
 * no question texts.
 *
 * @param sha256 the SHA-256 (hex) of a text in UTF-8
 */
export function samplesCsvParts(run: ExportableRun, sha256: (text: string) => string): Generator<string> {
  function* rows() {
    for (const answer of inOrderAsked(run)) {
      const question = run.samples?.get(answer.position)
      for (const sample of question?.samples ?? []) {
        const later = question?.later.filter((scored) => scored.sample === sample.index) ?? []
        const row = { plan: run.plan, answer, sample, later }
        yield COLUMNS.map(({ value }) => value(row, sha256))
      }
    }
  }
  return csvParts(
    COLUMNS.map(({ name }) => name),
    rows(),
  )
}

function worth({ plan: { strategy }, sample }: Row): number | null {
  if (!strategy || !('aggregate' in strategy)) return null
  return worthOf(strategy.aggregate, ballotsOf([sample], 'strict')[0]?.steps ?? [])
}

function scorerName({ scorer }: LaterScores['scores']): string {
  const named = [scorer.kind, scorer.modelName, scorer.quantization, verifierVersionOf(scorer)]
  return named.filter((word) => word !== null).join(' ')
}
