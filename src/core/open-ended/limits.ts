/** Limits of an open-ended evaluation. Beyond them the app says so. */

/** Questions of one evaluation: two answers and two comparisons each; 500 narrow a share to about four points. */
export const MAX_QUESTIONS = 500

/** Raters of one evaluation, merged ones included: enough for a panel, and each is a row of the tables. */
export const MAX_RATERS = 20

/** A rater's name, in UTF-16 units. */
export const MAX_RATER_NAME = 80

/** A file of ratings, in bytes: 20 raters of 500 questions need a fifth of it. */
export const MAX_RATINGS_BYTES = 20_000_000

/** Grades 0 to 10. */
export const RATING_GRADES = 11
