export const crossFilter = {}
