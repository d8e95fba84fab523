/** What went wrong with a model's files, and what the user can do now. `host` is an internet name such as huggingface.co. */
export const modelFailures = {
  aborted: {
    problem: 'Stopped, as you asked.',
    nextStep: 'What has arrived is kept; go on whenever you like.',
  },
  offline: (host: string) => ({
    problem: `This computer has no network connection, so ${host} cannot be reached.`,
    nextStep:
      'Connect and resume: what has arrived is kept. Without a network, import the model from a USB stick.',
  }),
  unreachable: (host: string) => ({
    problem: `No answer from ${host}.`,
    nextStep:
      'The site is down, this network blocks it, or it does not let other sites read its files. Try another network, set a mirror address, or import the model from a USB stick.',
  }),
  locked: (host: string) => ({
    problem: `Somnus is locked, so it did not ask ${host}.`,
    nextStep: 'Unlock it under “Privacy and data”, or import the files from disk.',
  }),
  hostNotChosen: (host: string) => ({
    problem: `${host} is not among the hosts that you chose.`,
    nextStep: 'Add it under “Privacy and data”, then try again.',
  }),
  redirectNotChosen: (host: string) => ({
    problem: `${host} sent the download on to another host that you have not chosen, so it was stopped.`,
    nextStep:
      'Browsers do not say where it led. The command below, run in a terminal, shows it; add that host under “Privacy and data” if you trust it.',
  }),
  blockedByPolicy: (host: string) => ({
    problem: `The settings of this Somnus site forbid downloads from ${host}.`,
    nextStep:
      'Ask whoever runs this site to allow that address, or download the files otherwise and import them from disk.',
  }),
  insecureAddress: (host: string) => ({
    problem: `The browser does not let this encrypted site (https) read from ${host}, whose address is not encrypted (http).`,
    nextStep:
      'Use an address that begins with https, open a copy of Somnus that lies on that server itself, or import the model from a USB stick.',
  }),
  accessDenied: (host: string, status: string) => ({
    problem: `${host} does not give this file to everyone (HTTP ${status}).`,
    nextStep:
      'Check the address: some sites answer so when it is mistyped. Other models can be had only after signing in and accepting a licence: with an access token they can be fetched under “Add a model”. Or download such a model there yourself, then import its files from disk.',
  }),
  notFound: (host: string, file: string) => ({
    problem: `${host} has no “${file}”.`,
    nextStep:
      'Check the address, and the mirror if you set one. If they are right, the model was moved or withdrawn: choose another one.',
  }),
  hostBusy: (host: string, status: string) => ({
    problem: `${host} is overloaded or limits downloads (HTTP ${status}).`,
    nextStep: 'Wait some minutes, then try again: what has arrived is kept.',
  }),
  refused: (host: string, status: string) => ({
    problem: `${host} refused the download (HTTP ${status}).`,
    nextStep: 'Try again later. If it stays so, choose another source or import the model from disk.',
  }),
  interrupted: (host: string, received: string, total: string | null) => ({
    problem: `The connection to ${host} broke off again and again${
      total ? `, last after ${received} of ${total} of a file` : ''
    }.`,
    nextStep: 'Check the connection, then try again: a download goes on at the byte where it stopped.',
  }),
  noRanges: (host: string) => ({
    problem: `${host} gives whole files only, not parts of them, and so a conversion cannot read from it.`,
    nextStep:
      'Use another host or mirror that has the repository, or download all its files into one folder and choose that folder.',
  }),
  sourceChanged: (file: string) => ({
    problem: `“${file}” is no longer the file that this conversion was begun with.`,
    nextStep:
      'Weights of two versions are never mixed. Delete what has been converted and begin again with the new version.',
  }),
  wrongSize: (file: string, expected: string, actual: string) => ({
    problem: `“${file}” has ${actual}, but should have ${expected}.`,
    nextStep:
      'Copy or download it again. If it happens twice, the file at its source is damaged or was exchanged: use another source.',
  }),
  checksumMismatch: (file: string) => ({
    problem: `“${file}” is not the file that its source describes: its checksum differs.`,
    nextStep:
      'It was not used. Try again; if it happens twice, the file was changed on the way or at its source: do not use that source.',
  }),
  storageFull: (needed: string, available: string | null) => ({
    problem: `There is not enough room in the browser’s storage: ${needed} are needed${
      available ? `, ${available} are free` : ''
    }.`,
    nextStep: 'Delete models you no longer need, or free space on this computer’s disk. Then try again.',
  }),
  storageRefused: {
    problem: 'This browser gives the page no place to keep files.',
    nextStep:
      'Leave private browsing, open the page over https://, or use a current Chrome, Edge or Firefox.',
  },
  busyElsewhere: {
    problem: 'Another tab or window is working on this model.',
    nextStep: 'Let it finish there or close that tab, then try again.',
  },
  unknownModel: {
    problem: 'This model is no longer stored in this browser.',
    nextStep: 'It may have been deleted in another tab. Download or import it again.',
  },
  fileUnreadable: (file: string) => ({
    problem: `“${file}” can no longer be read.`,
    nextStep:
      'It was moved, changed or the stick was unplugged. Plug it in again and choose the folder or file anew.',
  }),
  notAModel: (missing: string) => ({
    problem: missing ? `This is not a whole model. Missing: ${missing}.` : 'No model was found here.',
    nextStep:
      'Choose the folder that holds all files of one model (a Somnus pack or an MLC model), or a single .gguf or .tar file. At an address, name the repository or folder that holds them.',
  }),
  addressInvalid: (address: string) => ({
    problem: `“${address}” is no address of a model.`,
    nextStep:
      'Type a repository as owner/name, or the address of a folder or .gguf file that begins with https:// or http://.',
  }),
  severalModels: (names: string) => ({
    problem: `There are several models here: ${names}.`,
    nextStep: 'Choose the folder or file of one of them; the others can follow one by one.',
  }),
  tooManyFiles: (folder: string, limit: string) => ({
    problem: `“${folder}” holds more than ${limit} files, far more than a model has.`,
    nextStep: 'Choose the folder of the model itself.',
  }),
  notWritable: (name: string) => ({
    problem: `“${name}” could not be written.`,
    nextStep:
      'The disk or stick is full, write-protected or was unplugged, or writing was not allowed. Check it and export again, or save the pack as one .tar file.',
  }),
  fileInvalid: (file: string) => ({
    problem: `“${file}” does not hold what its name promises.`,
    nextStep: 'The file is damaged, unfinished or of another kind. Copy or download it again.',
  }),
  packIncomplete: (missing: string) => ({
    problem: `The pack is not complete. Missing: ${missing}.`,
    nextStep: 'Copy the whole folder again from the computer that made it.',
  }),
  packVersion: {
    problem: 'This pack was made by a newer version of Somnus.',
    nextStep: 'Reload this page to get the newest version, then import the pack again.',
  },
  unsupportedArchitecture: (architecture: string, supported: string) => ({
    problem: `Models of the kind “${architecture}” cannot run on the graphics unit in Somnus.`,
    nextStep: `These kinds can: ${supported}. Many other models run on the processor: look for a GGUF file of it.`,
  }),
  noLibrary: (architecture: string, quantization: string) => ({
    problem: `No compiled library is known for this model (${architecture}, ${quantization}).`,
    nextStep:
      'A library is the program that runs one kind of model on graphics units. If its maker offers one (.wasm), give its address or file below “Library”; else look for a GGUF file of the model.',
  }),
  libraryGeneration: (found: string, needed: string) => ({
    problem: `The library was made for another version of the engine (${found} instead of ${needed}).`,
    nextStep: 'Leave the library empty so that Somnus chooses one, or get the library for this version.',
  }),
  libraryMismatch: (difference: string) => ({
    problem: `The library does not belong to these weights: ${difference}.`,
    nextStep: 'Leave the library empty so that Somnus chooses one, or give the one made for this very model.',
  }),
  libraryDiffers: {
    architecture: 'it was compiled for another kind of model',
    quantization: 'it was compiled for another quantization',
    vocabulary: 'it was compiled for another vocabulary',
    layers: 'it was compiled for another number of layers',
    missing: 'it needs a part that these weights lack',
    extra: 'these weights have a part that it does not know',
    shape: 'it was compiled for a model of another size',
    'number-format': 'it was compiled for numbers of another precision',
  },
  tooLarge: (size: string, limit: string) => ({
    problem: `The model has ${size}; at most ${limit} can be used here.`,
    nextStep: 'Choose a smaller model or a smaller quantization of it.',
  }),
  checkpointIncomplete: (missing: string) => ({
    problem: `The checkpoint is not complete. Missing: ${missing}.`,
    nextStep: 'Copy or download the whole folder again.',
  }),
  checkpointUnsupported: (entry: string, found: string, needed: string) => ({
    problem: `The checkpoint’s configuration says ${entry} = ${found}; only ${needed} can be converted.`,
    nextStep: 'Choose a checkpoint of another model, or a quantization that does not need this.',
  }),
  tensorMissing: (tensor: string) => ({
    problem: `The weights lack the tensor ${tensor}, which the configuration calls for.`,
    nextStep:
      'Configuration and weights are of different models, or a file is missing. Copy the folder again.',
  }),
  tensorUnexpected: (tensor: string) => ({
    problem: `The weights hold the tensor ${tensor}, which the configuration does not tell of.`,
    nextStep: 'Configuration and weights are of different models. Copy the folder again.',
  }),
  tensorShape: (tensor: string, actual: string, expected: string) => ({
    problem: `The tensor ${tensor} has the shape ${actual}, and the configuration says ${expected}.`,
    nextStep: 'Configuration and weights are of different models. Copy the folder again.',
  }),
  tensorDtype: (tensor: string, dtype: string, supported: string) => ({
    problem: `The tensor ${tensor} has numbers of the type ${dtype}.`,
    nextStep: `Choose the checkpoint with its original weights, of one of these types: ${supported}.`,
  }),
  tensorNotFinite: (tensor: string, index: string) => ({
    problem: `The tensor ${tensor} holds an infinity or something that is no number, at index ${index}.`,
    nextStep: 'The file is damaged, or its training failed. Copy or download it again.',
  }),
  tensorOverflow: (tensor: string, index: string, format: string) => ({
    problem: `The tensor ${tensor} holds a number too large for ${format}, at index ${index}.`,
    nextStep: 'Choose a quantization with 32-bit numbers: q4f32_1 or q0f32.',
  }),
  chatTemplateUnknown: (families: string) => ({
    problem: 'How this model expects a conversation to be written could not be recognised.',
    nextStep: `If you know that it is one of these, name it: ${families}. Else the model could not be talked to.`,
  }),
  conversionDiffers: {
    problem: 'Here a conversion of other weights, or into another format, was begun.',
    nextStep: 'Choose an empty folder, or go on with the weights and the format that it was begun with.',
  },
  workerLost: {
    problem: 'The part of Somnus that looks after the models stopped or did not start.',
    nextStep:
      'What was stored is safe. Most often memory is lacking: close other tabs and programs, then try again. If the network was lost since this page was opened, connect and reload it.',
  },
  /** Short reasons why a download waits for its next attempt. */
  waiting: {
    offline: 'No network connection',
    unreachable: (host: string) => `No answer from ${host}`,
    busy: (host: string) => `${host} is overloaded`,
    interrupted: 'Connection lost',
  },
}
