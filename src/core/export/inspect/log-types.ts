/**
 * The parts of an Inspect AI evaluation log (JSON, version 2) that a run fills; the names are that format's. Times
 * are ISO 8601, durations in seconds. Members that are always empty are those that its schema requires.
 */
export interface InspectLog {
  version: 2
  status: 'success' | 'cancelled'
  eval: InspectSpec
  plan: { name: string; steps: InspectStep[]; config: InspectGenerateConfig }
  results: {
    total_samples: number
    completed_samples: number
    scores: InspectScoreSummary[]
    metadata: Record<string, unknown>
  }
  stats: {
    started_at: string
    completed_at: string
    model_usage: Record<string, InspectUsage>
    role_usage: Empty
    connection_limit_history: []
  }
  invalidated: false
  tags: string[]
  metadata: Record<string, unknown>
  samples: InspectSample[]
}

export type Empty = Record<string, never>

export interface InspectSpec {
  eval_id: string
  run_id: string
  created: string
  task: string
  task_id: string
  task_version: string
  task_display_name: string
  task_attribs: Empty
  task_args: Record<string, unknown>
  task_args_passed: Record<string, unknown>
  solver: string
  tags: string[]
  dataset: { name: string; samples: number; sample_ids: string[]; shuffled: true }
  model: string
  model_generate_config: InspectGenerateConfig
  model_args: Record<string, unknown>
  config: { limit: number; epochs: 1; sample_shuffle: number }
  packages: Record<string, string>
  metadata: Record<string, unknown>
  scorers: { name: string; metrics: { name: string }[] }[]
}

export interface InspectStep {
  solver: string
  params: Record<string, unknown>
  params_passed: Record<string, unknown>
}

export interface InspectGenerateConfig {
  max_tokens: number
  temperature: number
  top_p: number
  seed: number
  num_choices?: number
}

export interface InspectScoreSummary {
  name: string
  scorer: string
  scored_samples: number
  unscored_samples: number
  params: Empty
  metrics: Record<string, { name: string; value: number; params: Empty }>
  metadata: Record<string, unknown>
}

export interface InspectUsage {
  input_tokens: number
  output_tokens: number
  total_tokens: number
}

export interface InspectMessage {
  id: string
  role: 'system' | 'user' | 'assistant'
  content: string
  source: 'input' | 'generate'
}

export interface InspectOutput {
  model: string
  choices: {
    message: InspectMessage
    stop_reason: 'stop' | 'max_tokens' | 'model_length' | 'unknown'
    logprobs?: { content: InspectLogprob[] }
  }[]
  completion: string
  usage: InspectUsage
  time: number
}

export interface InspectLogprob {
  token: string
  logprob: number
  top_logprobs?: { token: string; logprob: number }[]
}

/** C: correct, I: incorrect, N: no answer, which counts as incorrect. */
export interface InspectScore {
  value: 'C' | 'I' | 'N'
  answer: string | null
  explanation: string
  history: []
}

export interface InspectSample {
  id: string
  epoch: 1
  input: string
  /** Missing when the questions are left out. */
  choices?: string[]
  target: string
  messages: InspectMessage[]
  output: InspectOutput
  scores: Record<string, InspectScore>
  metadata: Record<string, unknown>
  store: Empty
  events: []
  attachments: Empty
  model_usage: Record<string, InspectUsage>
  role_usage: Empty
  started_at: string
  completed_at: string
  total_time: number
  working_time: number
  uuid: string
  /** The prompt did not fit the context. */
  limit?: { type: 'context'; limit: number }
}
