export const offline = {
  title: 'Offline and version',
}
