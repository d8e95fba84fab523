/** A study of two experts as a file. Each says that models wrote it, which ones, and that nobody has checked it. */
import { decodeSpeed } from '../chat/request'
import { withoutUnseen } from '../chat/unseen-characters'
import { expertsCost, expertsOutcome } from './outcome'
import { readReflection } from './reflection'
import { endReason, type ExpertsState } from './state'
import type { Stage } from './types'

export interface ExpertsFileHead {
  name: string
  createdAt: number
  exportedAt: number
  appVersion: string
  /** What replies are, and what they are not. */
  notice: string
}

/** The texts of the Markdown file, in the user's language. */
export interface ExpertsFileTexts {
  question: string
  answer: string
  adaptation: string
  unfinished: string
  cut: string
  stage: (kind: Stage['kind'], round: number) => string
  rating: (rating: 0 | 1 | null) => string
  sufficiency: (probability: number | null) => string
  facts: (stage: Stage) => string
}

export function expertsJson(state: ExpertsState, head: ExpertsFileHead): string {
  const outcome = expertsOutcome(state)
  const file = {
    format: 'somnus-experts',
    version: 1,
    ...head,
    plan: state.plan,
    stages: state.stages.map((stage) => ({
      ...stage,
      ...(stage.kind === 'reflection' && { read: readReflection(stage.reply) }),
      ...(stage.kind !== 'sufficiency' && { tokensPerSecond: decodeSpeed(stage) }),
    })),
    endReason: endReason(state),
    outcome: outcome && { account: outcome.account, answer: outcome.answer, letter: outcome.letter },
    cost: expertsCost(state),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

export function expertsMarkdown(
  state: ExpertsState,
  { name, notice }: Pick<ExpertsFileHead, 'name' | 'notice'>,
  texts: ExpertsFileTexts,
): string {
  const outcome = expertsOutcome(state)
  const lines = [
    `# ${name.replace(/\s+/g, ' ')}`,
    quoted(notice),
    quoted(texts.adaptation),
    `## ${texts.question}`,
    state.plan.question,
    ...state.stages.flatMap((stage) => stageLines(stage, texts)),
    ...(outcome ? [`## ${texts.answer}`, outcome.answer] : [quoted(texts.unfinished)]),
  ]
  return `${lines.map((line) => withoutUnseen(line).trim()).join('\n\n')}\n`
}

function stageLines(stage: Stage, texts: ExpertsFileTexts): string[] {
  const head = [`## ${texts.stage(stage.kind, stage.round)}`, `*${texts.facts(stage)}*`]
  if (stage.kind === 'sufficiency') return [...head, texts.sufficiency(stage.probability)]
  return [
    ...head,
    fenced(stage.reply),
    ...(stage.finish === 'abort' ? [texts.cut] : []),
    ...(stage.kind === 'reflection' ? [texts.rating(readReflection(stage.reply).rating)] : []),
  ]
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
}

/** As it was written: its headings must not mix with the file's own. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text.trimEnd()}\n${fence}`
}
