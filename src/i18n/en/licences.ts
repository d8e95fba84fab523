export const licences = {
  title: 'Licences',
  intro:
    'Somnus is free software under the Apache licence 2.0. It is built with the works below, each under its own.',
  show: 'Show all licences',
  loading: 'Reading the list…',
  missing: 'The list of licences could not be read. The build writes it beside the page, as licences.json.',
  count: (works: number) => `${works} works`,
  within: (name: string) => `part of ${name}`,
}
