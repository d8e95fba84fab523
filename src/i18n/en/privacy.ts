/** The two phases: open to hosts that the user chose, or locked to the own site. */
export const privacy = {
  title: 'Open or locked',
  linkStopped: (address: string) =>
    `Somnus is locked, so links to other sites do not open: ${address}. Copy the address, or unlock Somnus under “Privacy and data”.`,

  open: 'Somnus is open',
  openHint:
    'Models and datasets are downloaded from the hosts listed below and from nowhere else. Prompts, replies and results stay on this computer.',
  locked: 'Somnus is locked',
  lockedHint:
    'Nothing is sent to or fetched from any other host. What is stored on this computer works as usual.',
  lock: 'Lock Somnus',
  unlock: 'Unlock Somnus',
  meaning: 'What locked means',
  meanings: [
    'The page and all of its workers reach only the address that this site came from. Downloads, looking at addresses and importing datasets from the internet are off.',
    'Links to other sites do not open, and connections from browser to browser (WebRTC) are gone in both phases.',
    'Three layers hold it: the browser’s content security policy, the service worker through which all requests but sockets pass, and Somnus’s own check before each download. Chrome and Edge from version 152 add a fourth, which covers links and WebRTC as well.',
    'It stays locked when you reload, close the browser or open another tab, until you unlock it here or clear this site’s data in the browser.',
    'It cannot bind browser extensions, the browser itself, or other programs. A firewall can.',
  ],

  inForce: 'In force',
  inForceOpen:
    'The requests of this page and its workers pass through the service worker, and their policies name only the hosts below.',
  inForceLocked:
    'The service worker refuses every request to another host, and so do the policies of the page and its workers.',
  notInForce: 'Not in force in this tab',
  reasons: {
    starting: 'The service worker is still being set up. On a first visit that takes a few seconds.',
    bypassed: 'This page was loaded past the service worker (a hard reload does that). Reload it normally.',
    none: 'This browser gives the page no service worker here: the connection is not secure (https), it is a private window, or site data is blocked. Somnus still checks every download itself, and the host’s own headers count if it sends any.',
    unbound: 'This page was loaded before its policy was in place. Reload it once.',
    silent:
      'The service worker does not answer. Reload the page; if that does not help, close all Somnus tabs first.',
  },
  sentOpen:
    'This page was loaded while Somnus was open. Links and windows are stopped by Somnus itself until you reload; after that the browser stops them, too.',
  reload: 'Reload the page',

  hosts: 'Hosts you chose',
  hostsNone:
    'None yet. Starting a download, looking at an address or importing a dataset names its host and adds it here.',
  hostsLocked: 'None of them is reached while Somnus is locked.',
  storage: (sources: string) => `with its storage hosts ${sources}`,
  forget: 'Remove',
  forgetNamed: (host: string) => `Remove ${host}`,
  forgotten: (host: string) =>
    `${host} is no longer reached. A download from it that is under way stops at its next request.`,
  add: 'Add a host',
  addHint:
    'For a host that another one redirects to, or before you lock Somnus on a network that you trust. For example: https://mirror.example.org',
  addAddress: 'Address of the host',
  addSubmit: 'Add',
  addInvalid:
    'Enter an address such as https://mirror.example.org. Addresses in brackets (IPv6) cannot be named in a policy.',
  added: (host: string) => `${host} may be reached.`,

  askTitle: 'Lock now?',
  askDownloads: (names: string) =>
    `These downloads end: ${names}. What has arrived is kept, and you can go on after unlocking.`,
  askConfirm: 'End them and lock',

  connectsTo: (hosts: string) => `Connects to ${hosts}.`,
  lockedHere: 'Somnus is locked: nothing can be downloaded.',
  toLock: 'Unlock under “Privacy and data”',
}
