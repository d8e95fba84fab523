/** The JSON Schemas of run exports, relative to the site of the app that wrote the file: of one reply a question, and */
export const RUN_SCHEMA = 'schemas/somnus-run-2.schema.json'
/** of several, between which a strategy chose. */
export const SAMPLED_RUN_SCHEMA = 'schemas/somnus-run-3.schema.json'
