/**
 * Where a reward model keeps its head. A compiled library knows no classifier, so the converter puts the rows of the
 * two classes at token positions of the output layer, and says where in mlc-chat-config.json (docs/reward-model.md).
 */
import * as v from 'valibot'

/** The member of mlc-chat-config.json that is Somnus's own; engines pass it over. */
export const SOMNUS_CONFIG = 'somnus'
/** Classes of the head, as MedS3 numbers them: 0 is wrong, 1 is right. */
const CLASSES = 2
/** Many times what any quantization needs (docs/reward-model.md). */
export const MAX_HEAD_ROWS = 16

const HeadRow = v.object({
  /** The token whose logit is this row's part. */
  token: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 24)),
  /** What its logit is multiplied by, a power of two: small remainders are stored enlarged. */
  factor: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
})

const HeadClass = v.object({
  /** Added after the rows; the library's output layer has none. */
  bias: v.pipe(v.number(), v.finite()),
  rows: v.pipe(v.array(HeadRow), v.minLength(1), v.maxLength(MAX_HEAD_ROWS)),
})

export const RewardHeadSchema = v.pipe(
  v.object({
    version: v.literal(1),
    classes: v.pipe(v.array(HeadClass), v.length(CLASSES)),
  }),
  v.check((head) => {
    const tokens = headTokens(head)
    return new Set(tokens).size === tokens.length
  }, 'a token of its own for each row'),
)

export const SomnusConfigSchema = v.object({ rewardHead: v.optional(RewardHeadSchema) })

export type RewardHead = v.InferOutput<typeof RewardHeadSchema>

/** The head that a parsed mlc-chat-config.json names; null for a language model, and for a head that is not understood. */
export function rewardHeadOf(chatConfig: object): RewardHead | null {
  const parsed = v.safeParse(v.object({ [SOMNUS_CONFIG]: SomnusConfigSchema }), chatConfig)
  return parsed.success ? (parsed.output[SOMNUS_CONFIG].rewardHead ?? null) : null
}

/** The tokens of all rows, class by class. */
export function headTokens({ classes }: Pick<RewardHead, 'classes'>): number[] {
  return classes.flatMap(({ rows }) => rows.map(({ token }) => token))
}

/**
 * The probability of class 1 by softmax over the two class logits.
 *
 * @param logits of `headTokens`, in their order
 */
export function rewardProbability({ classes }: RewardHead, logits: readonly number[]): number {
  let at = 0
  const [wrong = 0, right = 0] = classes.map(({ bias, rows }) =>
    rows.reduce((sum, { factor }) => sum + factor * (logits[at++] ?? Number.NaN), bias),
  )
  return 1 / (1 + Math.exp(wrong - right))
}
