/** Chat templates that write conversations as those of well-known models do. */
const CHATML_TURNS = `{% for m in messages %}{% if m.role != 'system' or not loop.first %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`
const FIRST_SYSTEM = `{% if messages[0].role == 'system' %}{{ '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}`
const DEFAULT = 'You are a careful assistant.'
const llama2 = (open: string, close: string) =>
  `{% if messages[0].role == 'system' %}{% set system = messages[0].content %}{% set turns = messages[1:] %}{% else %}{% set system = '' %}{% set turns = messages %}{% endif %}{% for m in turns %}{% if m.role == 'user' %}{% set said = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + m.content if loop.first and system else m.content %}{{ bos_token + '${open}' + said.strip() + '${close}' }}{% else %}{{ ' ' + m.content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}`
const mistral = (open: string, close: string, reply: string) =>
  `{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system messages') }}{% elif m.role == 'user' %}{{ '${open}' + m.content + '${close}' }}{% else %}{{ '${reply}' + m.content + eos_token }}{% endif %}{% endfor %}`
const header = (role: string) => `'<|start_header_id|>' + ${role} + '<|end_header_id|>\\n\\n'`

export const TEMPLATES = {
  'qwen2.5': `${FIRST_SYSTEM}{% else %}{{ '<|im_start|>system\\n${DEFAULT}<|im_end|>\\n' }}{% endif %}${CHATML_TURNS}`,
  chatml: `${FIRST_SYSTEM}{% endif %}${CHATML_TURNS}`,
  qwen3: `${FIRST_SYSTEM}{% endif %}${CHATML_TURNS.replace('m.content', "(m.content.split('</think>')[-1].lstrip('\\n') if m.role == 'assistant' else m.content)")}`,
  'llama-3': `{{ bos_token }}{% for m in messages %}{{ ${header('m.role')} + m.content | trim + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ ${header("'assistant'")} }}{% endif %}`,
  'llama-3.1': `{{ bos_token + ${header("'system'")} + 'Knowledge: 2023\\n\\n' }}{% if messages[0].role == 'system' %}{{ messages[0].content }}{% set turns = messages[1:] %}{% else %}{% set turns = messages %}{% endif %}{{ '<|eot_id|>' }}{% for m in turns %}{{ ${header('m.role')} + m.content | trim + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ ${header("'assistant'")} }}{% endif %}`,
  'llama-2': llama2('[INST] ', ' [/INST]'),
  'mistral 0.1': mistral('[INST] ', ' [/INST]', ' '),
  'mistral 0.2': mistral('[INST] ', ' [/INST]', ''),
  'mistral 0.3': mistral('[INST] ', '[/INST]', ' '),
  'mistral 7': `{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ '[SYSTEM_PROMPT]' + m.content + '[/SYSTEM_PROMPT]' }}{% elif m.role == 'user' %}{{ '[INST]' + m.content + '[/INST]' }}{% else %}{{ m.content + eos_token }}{% endif %}{% endfor %}`,
  alpaca: `{% for m in messages %}{{ '### ' + m.role + ':\\n' + m.content + '\\n\\n' }}{% endfor %}{{ '### Response:\\n' }}`,
  broken: `{{ raise_exception('always') }}`,
  /** As of models that always think: the reply begins inside the thought. */
  'opens a thought': `${FIRST_SYSTEM}{% endif %}${CHATML_TURNS.replace("assistant\\n' }}{% endif %}", "assistant\\n<think>\\n' }}{% endif %}")}`,
  'unknown filter': `{% for m in messages %}{{ m.content | frobnicate }}{% endfor %}`,
  'unknown filter for thoughts': `${FIRST_SYSTEM}{% endif %}${CHATML_TURNS}`.replace(
    '{% for m in messages %}',
    "{% for m in messages %}{% if '<think>' in m.content %}{{ m.content | frobnicate }}{% endif %}",
  ),
  'unknown filter for systems': CHATML_TURNS.replace(
    '{% for m in messages %}',
    "{% for m in messages %}{% if m.role == 'system' %}{{ m.content | frobnicate }}{% endif %}",
  ),
} as const

export const BEGIN = { text: '<s>', id: 1 }
export const END = '</s>'
