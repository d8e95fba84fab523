interface Problem {
  field: string
  expected: string
  found: string
}

/** Counts arrive written in the reader's digits. */
const counted = (count: string, one: string, many: string) => `${count} ${count === '1' ? one : many}`
const questions = (count: string) => counted(count, 'question', 'questions')
const problems = (count: string) => counted(count, 'problem', 'problems')

export const datasets = {
  title: 'Datasets',
  importHub: 'Import AnesBench from Hugging Face',
  chooseFiles: 'Choose files…',
  dropHere: 'or drop files here',
  formats:
    'JSON, JSON Lines, CSV or Parquet in AnesBench’s row shape, or with all options in one field as JMED has them; several files become one dataset.',
  limits: (bytes: string, rows: string) => `Up to ${bytes} and ${rows} rows.`,
  none: 'No dataset yet',
  noneHint: 'Import AnesBench or your own questions, or start with the built-in demo benchmark.',
  builtIn: 'Built-in formulary (fictional drugs)',
  select: (name: string) => `Use ${name}`,
  selected: 'Selected',
  details: 'Details',
  items: questions,
  importedAt: (date: string) => `Imported ${date}`,
  source: 'Source',
  sourceBuiltIn: 'Comes with this app',
  sourceHash: 'SHA-256 of the source',
  itemsHash: 'SHA-256 of the questions',
  countsCaption: 'Questions by language and level',
  language: 'Language',
  languages: { en: 'English', zh: 'Chinese' },
  levels: { '1': 'System 1', '2': 'System 1.x', '3': 'System 2', unlabelled: 'Unlabelled' },
  total: 'Total',
  optionCounts: 'Options per question',
  optionCount: (options: string, items: string) => `${options} options: ${items}`,
  leftOut: (count: string) => `${problems(count)} at import; the rows were left out`,
  showProblems: 'Show the problems',
  remove: 'Delete',
  removeNamed: (name: string) => `Delete ${name}`,
  removed: (name: string) => `“${name}” was deleted.`,

  downloading: (name: string) => `Downloading ${name}…`,
  reading: (name: string) => `Reading ${name}…`,
  parsing: (name: string) => `Checking ${name}…`,
  saving: (name: string) => `Storing ${name}…`,
  bytesOf: (loaded: string, total: string) => `${loaded} of ${total}`,
  rowsRead: (rows: string) => counted(rows, 'row', 'rows'),
  itemsOf: (items: string, total: string) => `${items} of ${total} questions`,
  imported: (name: string, items: string) => `“${name}” is stored: ${questions(items)}.`,
  alreadyStored: (name: string) => `These very questions are already stored as “${name}”. Nothing was added.`,
  failed: 'Nothing was imported',
  whatIsStored: 'Everything stored before is unchanged.',

  termsTitle: 'Terms of AnesBench',
  termsIntro:
    'AnesBench is published by MiliLab under the Computational Use of Data Agreement 1.0 (C-UDA-1.0). Somnus does not contain it; your browser fetches it from Hugging Face and keeps it on this device.',
  termsUse:
    'You may use the data only for computation, such as measuring a model, and not to show its questions as a quiz.',
  termsResults: 'Results of such computation are yours, without restriction.',
  termsShare: 'If you pass the data on, keep its attribution and the same terms.',
  termsText: 'Full text of C-UDA-1.0',
  termsDataset: 'AnesBench on Hugging Face',
  termsAccept: 'Accept and import',

  reviewTitle: 'Look at this before it is stored',
  reviewSummary: (items: string, count: string) =>
    `${questions(items)} can be stored. ${problems(count)} found; the rows they are in are left out.`,
  reviewNone: 'No row can be used.',
  reviewGuessed: (file: string, sample: string) =>
    `${file} is not UTF-8; it was read as GB18030 and begins with “${sample}”. If that looks wrong, save the file as UTF-8 and choose it again.`,
  reviewFilesCaption: 'Files',
  file: 'File',
  format: 'Format',
  encoding: 'Encoding',
  rows: 'Rows',
  usable: 'Questions',
  reviewProblemsCaption: 'Problems',
  row: 'Row or line',
  field: 'Field',
  problemHeading: 'What is wrong',
  foundHeading: 'Found',
  moreProblems: (shown: string, total: string) => `The first ${shown} of ${total} problems are listed.`,
  storeGood: (items: string) => `Store ${questions(items)}`,
  wholeRow: 'whole row',

  problem: {
    'invalid-json': () => 'Not valid JSON. Numbers such as NaN and stray commas are not allowed.',
    'cut-off': () =>
      'The file ends inside this row, or a quote or bracket in it is never closed. Rows after it could not be read.',
    damaged: () => 'The file is damaged from this row on.',
    'row-too-long': ({ expected }: Problem) =>
      `The row is too long; at most ${expected} characters can be read.`,
    'not-an-object': () => 'Expected an object with the fields of a question.',
    'cell-count': ({ expected, found }: Problem) =>
      `Expected ${expected} cells as in the header, found ${found}.`,
    'unclosed-quote': () => 'A quotation mark is opened and never closed.',
    'no-question': () => 'Expected a field “question”, or “en_question” or “zh_question”.',
    'no-reference': ({ expected }: Problem) =>
      `Expected a reference answer in one of the fields ${expected}.`,
    empty: () => 'Expected a text, found nothing.',
    'not-text': () => 'Expected a text (in quotation marks), found something else.',
    'too-long': ({ expected, found }: Problem) => `Expected at most ${expected} characters, found ${found}.`,
    'option-gap': ({ expected }: Problem) =>
      `Expected options ${expected} without a gap; this one is missing.`,
    'too-few-options': ({ expected, found }: Problem) =>
      `Expected at least ${expected} options, found ${found}.`,
    'too-many-options': ({ expected }: Problem) => `Expected at most ${expected} options (A to Z).`,
    'choice-count': ({ expected, found }: Problem) =>
      `Expected ${expected}, the number of options given; found ${found}.`,
    'not-a-letter': ({ expected }: Problem) => `Expected the letter of one option (${expected}).`,
    'target-outside': ({ expected, found }: Problem) =>
      `Expected one of the options ${expected}, found ${found}.`,
    'bad-id': ({ expected }: Problem) => `Expected a text or whole number of ${expected} characters.`,
    'duplicate-id': ({ expected }: Problem) =>
      `Expected an id of its own; this one was used before (${expected}).`,
    'bad-level': ({ expected }: Problem) => `Expected ${expected} or nothing.`,
    'bad-language': ({ expected }: Problem) => `Expected ${expected} or nothing.`,
  },

  failure: {
    emptyFile: (file: string) => `${file} is empty. Expected a JSON, JSON Lines, CSV or Parquet file.`,
    tooLarge: (file: string, bytes: string, limit: string) =>
      `${file}: ${bytes} is more than one import can hold (${limit}). Split it into smaller files.`,
    tooManyRows: (file: string, limit: string) =>
      `${file} has more than ${limit} rows. Split it into smaller files.`,
    unknownEncoding: (file: string) => `${file} is not text in UTF-8, UTF-16 or GB18030. Save it as UTF-8.`,
    webPage: (file: string) =>
      `${file} is a web page, not data. On Hugging Face use the file’s download link, not the page around it.`,
    unknownFormat: (file: string, start: string) =>
      `${file} is not JSON, JSON Lines, CSV or Parquet. It begins with “${start}”.`,
    noRowList: (file: string) => `${file} is JSON but holds no list of rows. Expected [ {…}, {…} ].`,
    noRows: (file: string) => `${file} has no rows.`,
    wrongShape: (file: string, found: string) =>
      `${file}: no row has a question. Expected the fields question, A, B, …, target; found ${found}.`,
    parquetInvalid: (file: string, detail: string) => `${file} is not a readable Parquet file (${detail}).`,
    parquetCodec: (file: string, codec: string) =>
      `${file} is compressed with ${codec}, which cannot be read here. Write it with Snappy, Gzip, Brotli, Zstandard or LZ4.`,
    unreadable: (file: string, detail: string) =>
      `${file} could not be read (${detail}). It may have been moved or changed; choose it again.`,
    download: (url: string, detail: string) =>
      `${url} could not be downloaded (${detail}). Check the connection and try again, or download the file yourself and choose it here.`,
    offline: 'no connection',
    status: (status: number) => `the server answered ${status}`,
    locked: (host: string) =>
      `Somnus is locked, so it did not ask ${host}. Unlock it under “Privacy and data”, or choose a file from disk.`,
    hostNotChosen: (host: string) =>
      `${host} is not among the hosts that you chose. Add it under “Privacy and data”, then try again.`,
    redirectNotChosen: (host: string) =>
      `${host} sent the download on to another host that you have not chosen, so it was stopped. Add that host under “Privacy and data”, or download the file yourself and choose it here.`,
    storageFull:
      'This browser has no room left for the dataset. Free disk space or delete old datasets or runs, then try again.',
    storageFailed: (detail: string) => `This browser could not store the dataset (${detail}).`,
    workerLost: (detail: string) =>
      `Reading stopped unexpectedly, most likely for want of memory${detail}. Close other tabs or split the file.`,
  },
}
