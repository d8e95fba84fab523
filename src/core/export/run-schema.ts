/** The JSON Schema of run exports, relative to the site of the app that wrote the file. */
export const RUN_SCHEMA = 'schemas/somnus-run-2.schema.json'
