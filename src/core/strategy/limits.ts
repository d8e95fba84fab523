/** Replies drawn to one question: MedS3 takes 16 or 32. */
export const MAX_SAMPLES = 64

/** Scored steps of one reply: chains have some ten; a reply of 2,048 tokens cannot have more paragraphs. */
export const MAX_STEPS = 1000
