/** The small shapes that a run's file is made of. The messages of our own checks are kinds of `Expected`. */
import * as v from 'valibot'
import { LETTER, SHA256_TEXT } from './expected'
import { MAX_LINE_LENGTH, MAX_PROSE_LENGTH } from './limits'

export const Line = v.pipe(v.string(), v.maxLength(MAX_LINE_LENGTH))
export const Prose = v.pipe(v.string(), v.maxLength(MAX_PROSE_LENGTH))
export const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, SHA256_TEXT))
export const Letter = v.pipe(v.string(), v.regex(/^[A-Z]$/, LETTER))

/** JSON has no infinity, but 1e999 is read as one. */
const Finite = v.pipe(v.number(), v.finite())
export const Count = v.pipe(Finite, v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
/** Milliseconds since 1970, as far as a date can show them. */
export const Time = v.pipe(Finite, v.minValue(0), v.maxValue(8.64e15))
export const Duration = v.pipe(Finite, v.minValue(0), v.maxValue(1e12))
export const Fraction = v.pipe(Finite, v.minValue(0), v.maxValue(1))
export const Real = v.pipe(Finite, v.minValue(0), v.maxValue(1e9))

export const Language = v.picklist(['en', 'zh'])
export const LevelName = v.picklist([1, 2, 3, 'unlabelled'])
