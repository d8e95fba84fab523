// The layer rules of src/: what each folder may import besides itself, a folder or one file of it.
const MAY_IMPORT = {
  core: [],
  i18n: [],
  sw: ['core', 'data'],
  data: ['core'],
  worker: ['core', 'data'],
  app: [
    'core',
    'data',
    'worker/api',
    'worker/dataset-api',
    'worker/model-api',
    'worker/chat-search-api',
    'worker/workspace-api',
    'i18n',
  ],
  ui: ['core', 'app', 'i18n'],
}

// Packages that only these folders may import.
const OWNERS = {
  valibot: ['core'],
  papaparse: ['data'],
  idb: ['data'],
  'hash-wasm': ['data'],
  hyparquet: ['data'],
  'hyparquet-compressors': ['data'],
  '@huggingface/jinja': ['worker'],
  '@mlc-ai/web-llm': ['worker'],
  '@wllama/wllama': ['worker'],
  '@wllama/wllama-compat': ['worker'],
  comlink: ['worker', 'app'],
  svelte: ['app', 'ui', 'i18n'],
  marked: ['ui'],
  dompurify: ['ui'],
  temml: ['ui'],
  virtua: ['ui'],
  'd3-array': ['ui'],
}

const folders = Object.keys(MAY_IMPORT)

function closedFolder(folder, other) {
  const open = MAY_IMPORT[folder]
    .filter((path) => path.startsWith(`${other}/`))
    .map((path) => path.slice(other.length + 1))
  const except = open.length > 0 ? `(?!(?:${open.join('|')})$)` : ''
  return {
    regex: `^(?:(?:\\.\\./)+|#)${other}(?:$|/${except})`,
    message: `src/${folder} must not import this from src/${other}`,
  }
}

const closedFolders = (folder) =>
  folders
    .filter((other) => other !== folder && !MAY_IMPORT[folder].includes(other))
    .map((other) => closedFolder(folder, other))

const ownedPackages = (folder) =>
  Object.entries(OWNERS)
    .filter(([, owners]) => !owners.includes(folder))
    .map(([name, owners]) => ({
      regex: `^${name}(/|$)`,
      message: `only ${owners.join(', ')} may import ${name}`,
    }))

export const layers = folders.map((folder) => ({
  files: [`src/${folder}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': ['error', { patterns: [...closedFolders(folder), ...ownedPackages(folder)] }],
  },
}))
