export interface Reflection {
  feedback: string
  /** 1: the reasoning is sound; 0: it is not; null where the reviewer did not say. */
  rating: 0 | 1 | null
}

const RATING = /<rating>\s*([01])\b/gi
const RATING_TAGS = /<rating>[\s\S]*?(?:<\/rating>|$)|<\/rating>/gi
const FEEDBACK = /<feedback>([\s\S]*?)(?:<\/feedback>|<rating>|$)/gi
const STRAY_TAG = /<\/?feedback>/gi

/**
 * What a reviewer's reply says. Of several ratings the last counts, of several feedbacks all; a reply without tags is
 * feedback as a whole.
 */
export function readReflection(reply: string): Reflection {
  const rating = [...reply.matchAll(RATING)].at(-1)?.[1]
  const tagged = [...reply.matchAll(FEEDBACK)].map(([, text = '']) => text.trim()).filter(Boolean)
  const feedback = tagged.length > 0 ? tagged.join('\n\n') : reply
  return {
    feedback: feedback.replace(RATING_TAGS, '').replace(STRAY_TAG, '').trim(),
    rating: rating === undefined ? null : rating === '1' ? 1 : 0,
  }
}
