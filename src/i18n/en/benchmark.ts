export const benchmark = {}
