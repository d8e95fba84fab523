export const chatFiles = {
  title: 'Conversation files',

  export: {
    action: 'Save as a file',
    title: (name: string) => `Save “${name}”`,
    format: 'Format',
    formats: {
      html: {
        name: 'Web page (HTML)',
        text: 'The branch shown, as one page for any browser. It runs no script and fetches nothing. For reading, printing and handing out.',
      },
      markdown: {
        name: 'Text (Markdown)',
        text: 'The branch shown, for editors and repositories.',
      },
      'json-tree': {
        name: 'Data, all branches (JSON)',
        text: 'The whole conversation. Somnus can open it again.',
      },
      'json-branch': {
        name: 'Data, the branch shown (JSON)',
        text: 'What stands in the other branches stays here. Somnus can open it again.',
      },
    },
    content:
      'The file holds the questions and replies as they are. Each reply is marked as model output, with model, fingerprint, date and settings. Check it for personal data before you pass it on.',
    save: 'Save',
    preparing: 'The file is being made…',
    saved: (name: string) => `${name} was handed to the browser.`,
    failed: 'The file could not be made. Reload the page and try again.',
    unreadable: (size: string) => `Somnus could not open this file (${size}) again`,
    allTheSame: 'Save it all the same',
    gone: 'This conversation was deleted in another tab.',
  },

  import: {
    action: 'Open a conversation file',
    drop: 'Drop the file to open it as a conversation.',
    imported: (title: string) => `“${title}” was added to your conversations.`,
    known: (title: string) => `All of it is here already: “${title}”.`,
    failed: (file: string) => `“${file}” was not opened`,
    mark: (file: string, at: string) =>
      `Opened from “${file}”, ${at}. What its replies say of their model cannot be checked here.`,
  },

  presets: {
    export: 'Save the preset as a file',
    import: 'Open a preset file',
    title: 'A preset from a file',
    warning:
      'Its system message tells the model how to answer. Read it before you keep it, above all if you do not know who wrote it.',
    name: 'Name',
    description: 'Description',
    system: 'System message',
    ownSystem: 'None: that of the model’s own template',
    temperature: 'Temperature',
    topP: 'Top-p',
    maxTokens: 'Longest reply',
    tokens: (count: string) => `${count} ${count === '1' ? 'token' : 'tokens'}`,
    seed: 'Seed',
    anySeed: 'another one for each reply',
    same: (name: string) => `You have a preset that asks just like this: “${name}”.`,
    renamed: (name: string) => `You have another preset of this name, so it is kept as “${name}”.`,
    keep: 'Keep this preset',
    use: 'Use mine',
    kept: (name: string) => `The preset “${name}” is used now.`,
    notStored:
      'The preset could not be stored. Free some space or reload the page, then open the file again.',
  },

  problems: {
    tooLarge: (size: string, limit: string) => `The file has ${size}; at most ${limit} can be read.`,
    unreadable: 'The browser could not read the file. Was it moved or changed? Choose it again.',
    notJson: 'It is not JSON, or it is cut off.',
    notJsonAt: (message: string) =>
      `It is not JSON from message ${message} on: it is cut off or damaged there.`,
    tooLong: (limit: string) => `It has more than ${limit} characters outside its messages.`,
    messageTooLong: (message: string, limit: string) =>
      `Message ${message} has more than ${limit} characters.`,
    tooMany: (limit: string) => `It has more than ${limit} messages.`,
    otherFormat: {
      conversation:
        'It is no conversation of Somnus. Only conversations saved as JSON can be opened here, not web pages or Markdown.',
      preset: 'It is no preset of Somnus.',
    },
    otherVersion: (version: string) =>
      `It has format version ${version}, which this app does not know. Open it with a newer Somnus.`,
    misfit: (place: string, expected: string, found: string) =>
      `At ${place}: expected ${expected}, found ${found}.`,
    storageFull:
      'The storage is full; nothing was stored. Delete conversations, runs or models, then open the file again.',
    storageFailed: 'It could not be stored. Reload the page and open the file again.',
  },

  expected: {
    largerNumber: (than: string) => `a number above ${than}`,
    'earlier-message': 'the number of an earlier message',
    message: 'the number of a message of this file',
    'no-message': 'null, because the file has no message',
  },

  document: {
    saved: (at: string, app: string) => `Saved on ${at} with Somnus ${app}.`,
    you: 'Question',
    modelOutput: 'Model output',
    editedOutput: 'Model output, changed by a person',
    continued: 'Written in more than one go; the details are those of the last.',
    reasoning: 'Reasoning',
    summary: (model: string, edited: boolean) =>
      `Summary in place of earlier messages, by ${model}${edited ? ', changed by a person' : ''}`,
    labels: {
      model: 'Model',
      quantization: 'Quantization',
      fingerprint: 'Fingerprint',
      engine: 'Engine',
      date: 'Date',
      settings: 'Settings',
      system: 'System message',
      tokens: 'Length',
    },
    ownSystem: 'the model’s own',
    unknown: 'unknown',
    speed: (length: string, speed: string) => `${length}, ${speed}`,
  },
}
