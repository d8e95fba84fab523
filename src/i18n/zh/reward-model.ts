import type { rewardModel as Shape } from '../en/reward-model'

export const rewardModel: typeof Shape = {}
