export const workspace = {
  title: 'Your data',
  intro:
    'Everything that you have made here – runs, conversations, datasets, comparisons, lab work, presets, prompts, settings – lies in this browser only. Take it with you as one file, bring it back, or erase it.',
  changedElsewhere: 'Another tab has changed your data. Reload to see it as it is now.',

  sections: {
    runs: 'Runs',
    datasets: 'Datasets',
    conversations: 'Conversations',
    comparisons: 'Model comparisons',
    studies: 'Lab work',
    presets: 'Presets',
    prompts: 'Prompts',
    settings: 'Settings',
  },

  export: {
    title: 'Export',
    hint: 'Writes one archive (.tar) of plain text records with the SHA-256 of each part. Access tokens are never part of it, nor is anything that you have deleted. A run that is under way goes in up to its last stored answer.',
    withModels: (size: string) => `With the stored models (${size} more)`,
    modelTooLarge: (model: string, size: string, limit: string) =>
      `“${model}” (${size}) does not go with it: an archive holds models of up to ${limit}. Carry it as a pack of its own (Models page).`,
    start: 'Export everything',
    stop: 'Stop',
    fileType: 'Somnus workspace',
    packing: (model: string) => `Checking and packing “${model}”…`,
    writing: 'Writing records…',
    writingModels: 'Writing models…',
    saving: 'Saving the file…',
    saved: (name: string, size: string, records: string) =>
      `“${name}” was written: ${records} records, ${size}.`,
    downloaded: (name: string, size: string, records: string) =>
      `“${name}” was handed to your browser’s downloads: ${records} records, ${size}.`,
    left: (count: string) => `Not in the archive: ${count}`,
    leftRecord: (section: string, name: string, size: string) =>
      name === '' ? `${section} (${size})` : `${section}: “${name}” (${size})`,
    leftHint:
      'These are longer than an archive can hold, or have a form that it cannot hold; with them nothing of it could be read back. They are still here. Save them by themselves, from their own pages.',
    failed: 'The export did not work',
  },

  import: {
    title: 'Import',
    button: 'Open an archive…',
    hint: 'Choose a file named somnus-workspace-….tar, or drop it here. It is checked and shown first; nothing changes before you agree.',
    drop: 'Drop the archive to look into it',
    stop: 'Stop',
    hashes: (name: string) => `Comparing the hashes of “${name}”…`,
    records: (name: string) => `Reading “${name}”…`,
    checks: (name: string) => `Checking the records of “${name}”…`,
    writing: 'Storing…',
    model: (model: string) => `Storing the model “${model}”…`,
    progress: (done: string, total: string) => `${done} of ${total}`,
    blockedByWork:
      'A benchmark, a reply, a measurement, a download or a conversion is under way in this or another tab. Nothing was changed. Let it end or stop it, then open the archive again.',
    blockedByImport: 'Another tab is importing an archive. Nothing was changed.',
    failed: (name: string) => `“${name}” cannot be imported`,
    unchanged: 'Nothing that is stored was changed.',
  },

  preview: {
    title: (name: string) => `What is in “${name}”`,
    written: (at: string, version: string) => `Written ${at} by Somnus ${version}.`,
    empty: 'There are no records in it.',
    table: 'What would be imported',
    take: 'Take over',
    section: 'Part',
    records: 'In the file',
    fates: { add: 'New', extend: 'Goes on', copy: 'Beside yours', leave: 'Here already' },
    fateHints: {
      extend: 'Goes on: the file has more of something that is here, and adds it.',
      copy: 'Beside yours: the same thing went on differently here and there. Both are kept; the one from the file gets a new name.',
      leave:
        'Here already: equal, or yours has more, or there can be only one, such as a setting. Yours stays.',
    },
    names: 'Show names',
    andMore: (count: string) => `and ${count} more`,
    models: 'Models',
    modelsHint: (size: string) => `${size}; checked and stored as every model pack is`,
    hosts: 'Chosen hosts',
    hostsHint: (hosts: string) => `Allows downloads from ${hosts}.`,
    mirrorHint: (address: string) =>
      `Models would be fetched from ${address} instead of Hugging Face and GitHub.`,
    locked: 'The lock was set there: it will be set here too.',
    notUnlocked: 'An import never opens the lock.',
    mode: 'How',
    merge: 'Add to what is here',
    replace: 'Replace what is here',
    mergeHint: 'Nothing that is here is lost or overwritten.',
    replaceHint:
      'What is here of the parts ticked above is erased first. This cannot be undone. Parts that are not ticked stay.',
    exportFirst: 'Export what is here first',
    confirmMerge: 'Import',
    confirmReplace: 'Erase these parts and import',
    cancel: 'Cancel',
    mark: ' (imported)',
  },

  report: {
    title: (name: string) => `“${name}” was imported`,
    counts: (added: string, extended: string, copied: string, left: string) =>
      `${added} new, ${extended} went on, ${copied} beside yours, ${left} left as they were.`,
    copies: (names: string) => `Beside yours, under new names: ${names}.`,
    models: (names: string) => `Models stored: ${names}.`,
    modelsFailed: (names: string) =>
      `Models that could not be stored: ${names}. Open the archive again, or see the Models page.`,
  },

  failures: {
    notAnArchive: 'It is not a workspace archive of Somnus, or it is cut off.',
    newerFormat: (found: string, supported: string) =>
      `It was written in format ${found}; this version of Somnus reads up to ${supported}. Update Somnus, then open it again.`,
    newerDatabase: (found: string, supported: string) =>
      `It was written by a newer Somnus (database version ${found}; here it is ${supported}). Update Somnus, then open it again.`,
    entryMissing: (entry: string) => `“${entry}” is missing or cut off.`,
    entryUnexpected: (entry: string) => `“${entry}” does not belong in it, or is there twice.`,
    hashMismatch: (entry: string) =>
      `“${entry}” is not what the archive’s own list says (SHA-256). It was damaged or changed after it was written.`,
    misfit: (where: string, place: string, expected: string, found: string) =>
      `${where}, at ${place}: expected ${expected}, found ${found}.`,
    where: (entry: string) => `“${entry}”`,
    whereRow: (entry: string, row: string) => `“${entry}”, record ${row}`,
    whole: 'the beginning',
    notJson: (where: string) => `${where} is not readable: not JSON, or not UTF-8.`,
    tooLong: (where: string) => `${where} is longer than anything that Somnus writes.`,
    notMigratable: 'Its records cannot be brought to today’s form.',
    unreadable: 'The browser could not read the file. Was it moved or changed? Choose it again.',
    storageFull: 'There is not enough space. Free some, e.g. by deleting models, then try again.',
    storageFailed: (detail: string) => `The browser’s storage refused it (${detail}). Reload and try again.`,
    modelFailed: (model: string) =>
      `The stored model “${model}” could not be packed: verify it on the Models page, or export without models.`,
    workerLost: 'The work was cut off, perhaps for lack of memory. Close other tabs and try again.',
  },

  erase: {
    title: 'Erase everything',
    hint: 'Removes all that Somnus has stored in this browser: your data, the models, the copy of the app for offline use and the list of its requests.',
    button: 'Erase everything…',
    dialogTitle: 'Erase everything that Somnus has stored here?',
    goes: 'All of this goes:',
    counts: (count: string, name: string) => `${name}: ${count}`,
    models: (count: string, size: string) => `${count} stored models (${size})`,
    rest: 'settings, remembered access tokens, the lock and the chosen hosts, the ledger of requests, the offline copy of the app',
    tabs: 'Other tabs with Somnus are closed out. What they are doing ends.',
    forever: 'This cannot be undone. Export first if you may want any of it again.',
    understand: 'I want all of it to be erased',
    confirm: 'Erase everything',
  },

  erased: {
    working: 'Erasing…',
    title: 'Everything was erased',
    titlePartly: 'Not everything could be erased',
    elsewhere: 'Somnus is being erased in another tab. This tab shows nothing any more.',
    checked: 'After erasing, Somnus looked again. This is what it found.',
    part: 'Part',
    before: 'Before',
    after: 'Left',
    parts: {
      workers: 'Service worker (offline copy)',
      databases: 'Databases (runs, chats, datasets, ledger, lock)',
      files: 'Private files (models)',
      caches: 'Caches (files of the app)',
      storage: 'Notes of tabs (session and local storage)',
    },
    unknown: 'not told',
    blocked: 'Another tab still has it open. Close all other tabs of Somnus, then try again.',
    again: 'Try again',
    fresh: 'Start Somnus afresh',
    freshHint: 'It is fetched from its server again.',
    leftTitle: 'What a web page cannot erase',
    left: [
      'Copies of this site’s files in the browser’s own cache: clear “cached files” in the browser’s settings.',
      'Files that you have exported, downloaded or saved: they lie in your folders.',
      'The entry in the browser’s history, and bookmarks.',
      'Permissions that you gave this site, such as keeping its storage: reset them in the site’s settings.',
      'The icon, if you installed Somnus as an app: uninstall it from the system.',
      'Backups and synchronisation of this computer, and what a disk keeps of erased files.',
    ],
  },
}
