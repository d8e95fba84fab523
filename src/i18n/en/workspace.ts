export const workspace = {
  title: 'Your data',
}
