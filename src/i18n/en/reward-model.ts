export const rewardModel = {}
