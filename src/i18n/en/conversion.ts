/** Original weights that are converted here; access tokens of hosts that do not give them to everyone. */
export const conversion = {
  card: {
    convert: 'Convert from the original weights',
    cost: (source: string, host: string, result: string, quantization: string) =>
      `Fetches about ${source} from ${host} and stores about ${result} (${quantization}). You see all details before anything starts.`,
    chooseFolder: 'Choose the folder of your weights',
    stored: (quantization: string) => `Converted on this computer (${quantization}).`,
    show: 'Show it in the list',
    underWay: 'Its conversion is in the list of your models.',
  },
  introduction: (host: string) =>
    `These are original weights. Somnus fetches them from ${host} piece by piece and turns them into a model for the graphics unit, here on this computer; they are never stored as a whole. You can stop at any time and go on later, also after closing the browser.`,
  time: 'Time',
  timeMeasured: (time: string, rate: string) => `about ${time} at the speed of just now (${rate}/s)`,
  timeAssumed: (time: string, rate: string) => `about ${time} at ${rate}/s`,
  memory: 'Memory while converting',
  memoryAbout: (size: string) => `about ${size}`,
  room: 'Room',
  roomFree: (free: string) => `about ${free} free in this browser`,
  sourceFrom: (size: string, host: string) => `${size} from ${host}`,

  family: 'Kind of conversation',
  familyUse: 'Go on with this kind',

  paused: (percent: string) => `Conversion stopped at ${percent}; what is done is kept.`,
  pausedFolder: (percent: string) =>
    `Conversion stopped at ${percent}; what is done is kept. To go on, choose the folder with the original weights again under “Add a model”.`,
  damagedFolder: 'Choose the folder with the original weights again under “Add a model” to make it anew.',
  resume: 'Go on',
  resumeNamed: (name: string) => `Go on converting ${name}`,
  repairNamed: (name: string) => `Repair ${name}: convert the damaged files again`,
  source: (name: string) => `Converted from the folder “${name}”`,
  sourceAddress: 'Converted from',
  sourceFiles: (count: string) => `${count} files with their hashes are recorded.`,

  token: {
    title: (host: string) => `An access token for ${host}`,
    how: (host: string) =>
      `Sign in at ${host}, open the model’s page and accept its terms. Then make a token that may read, and enter it here.`,
    checkAddress:
      'Check the address: some sites answer so when it is mistyped. Else the model needs a token.',
    page: 'Where tokens are made',
    rejected: (host: string) =>
      `The token was not accepted: it may be mistyped or expired, or its owner has not accepted the terms on the model’s page at ${host}.`,
    label: 'Access token',
    hint: (host: string) => `It is sent to ${host} only, used for this model, and forgotten with this page.`,
    hintRemembered: (host: string) => `It is sent to ${host} only, whenever something is fetched from there.`,
    exposed: 'This address is not encrypted: others in the network could read the token.',
    invalid: 'Enter the token as it was shown to you, without blanks.',
    remember: 'Remember on this computer',
    use: 'Try with this token',
    remembered: 'Access tokens',
    rememberedHint: 'Stored in this browser because you asked for it, and sent to no other host.',
    forget: (host: string) => `Forget the token for ${host}`,
    forgotten: (host: string) => `The token for ${host} is forgotten.`,
  },
}
