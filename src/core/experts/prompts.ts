import type { ItemLanguage } from '../prompt/question'
import type { ExpertPrompts, PromptName } from './types'

export const PROMPT_NAMES: readonly PromptName[] = [
  'reasoning',
  'revision',
  'reflection',
  'sufficiency',
  'narrative',
]

export type Placeholder = 'question' | 'reasoning' | 'feedback'

/** What each prompt cannot do without. */
export const NEEDED_PLACEHOLDERS: Record<PromptName, readonly Placeholder[]> = {
  reasoning: ['question'],
  revision: ['question', 'reasoning', 'feedback'],
  reflection: ['question', 'reasoning'],
  sufficiency: ['question', 'reasoning'],
  narrative: ['question', 'reasoning'],
}

/** Ours, after the paper's description of the roles; the tags are those of Citrus. */
export const EXPERT_PROMPTS: Record<ItemLanguage, ExpertPrompts> = {
  en: {
    reasoning: `You are a medical expert in anesthesiology who thinks aloud. Work through the question as a clinician does: gather the findings, form hypotheses, weigh the evidence for and against each of them, say openly what you doubt, and only then conclude.

Write under these headings:
## Findings
## Hypotheses
## Evidence for
## Evidence against
## Doubts
## Conclusion

<Question>
{question}
</Question>`,
    revision: `You are a medical expert in anesthesiology who thinks aloud. You have reasoned about the question before, and a colleague has given you feedback. Think again: take up each point, correct what was wrong, and keep what holds. Write the whole reasoning anew.

Write under these headings:
## Findings
## Hypotheses
## Evidence for
## Evidence against
## Doubts
## Conclusion

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

<Feedback>
{feedback}
</Feedback>`,
    reflection: `You are a senior medical expert in anesthesiology who reviews a colleague's reasoning. You have not been told the right answer. Look for findings that were overlooked, steps that do not follow, and hypotheses that were given up too early. Do not answer the question yourself.

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

Reply in this form: your feedback between <Feedback> and </Feedback>, then <Rating>1</Rating> if the reasoning is sound, or <Rating>0</Rating> if it is not.`,
    sufficiency: `Is this reasoning sufficient to answer the question?

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

<Feedback>
{feedback}
</Feedback>

A. Yes, it is sufficient.
B. No, something is missing or wrong.

Reply with one letter only.`,
    narrative: `You are a medical expert in anesthesiology. Write the reasoning below as one clear account in the first person, as if you had thought it through in one go, and take the feedback into account. Add nothing that is not in them.

Put the account between <think> and </think>, and after it the answer to the question between <answer> and </answer>. If the question has options, begin the answer with the letter of one of them.

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

<Feedback>
{feedback}
</Feedback>`,
  },
  zh: {
    reasoning: `你是一位麻醉学专家，请把思考过程说出来。像临床医生那样分析问题：先归纳发现，再提出假设，权衡支持与反对每个假设的证据，坦率说明自己的疑虑，最后才下结论。

请按以下标题书写：
## 发现
## 假设
## 支持证据
## 反对证据
## 疑点
## 结论

<Question>
{question}
</Question>`,
    revision: `你是一位麻醉学专家，请把思考过程说出来。你已经就这个问题作过推理，一位同行给出了反馈。请重新思考：逐条回应反馈，改正错误，保留站得住脚的部分，并把完整的推理重新写一遍。

请按以下标题书写：
## 发现
## 假设
## 支持证据
## 反对证据
## 疑点
## 结论

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

<Feedback>
{feedback}
</Feedback>`,
    reflection: `你是一位资深麻醉学专家，正在审阅一位同行的推理。你并不知道正确答案。请找出被忽略的发现、不成立的推理步骤，以及过早放弃的假设。不要自己回答问题。

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

请按以下格式回复：把反馈写在 <Feedback> 与 </Feedback> 之间；推理可靠则写 <Rating>1</Rating>，不可靠则写 <Rating>0</Rating>。`,
    sufficiency: `以下推理是否足以回答这个问题？

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

<Feedback>
{feedback}
</Feedback>

A. 是，已经充分。
B. 否，仍有遗漏或错误。

只回复一个字母。`,
    narrative: `你是一位麻醉学专家。请结合反馈，把以下推理用第一人称写成一篇清晰连贯的叙述，如同一次思考完成。不要添加其中没有的内容。

把叙述写在 <think> 与 </think> 之间，随后把问题的答案写在 <answer> 与 </answer> 之间。如果问题带有选项，答案请以所选选项的字母开头。

<Question>
{question}
</Question>

<Reasoning>
{reasoning}
</Reasoning>

<Feedback>
{feedback}
</Feedback>`,
  },
}

/** The placeholders that a prompt lacks. */
export function missingPlaceholders(name: PromptName, template: string): Placeholder[] {
  return NEEDED_PLACEHOLDERS[name].filter((each) => !template.includes(`{${each}}`))
}

/** The prompts that differ from this app's own. */
export function changedPrompts(prompts: ExpertPrompts, language: ItemLanguage): PromptName[] {
  return PROMPT_NAMES.filter((name) => prompts[name] !== EXPERT_PROMPTS[language][name])
}

/** In one pass, so that what is filled in is not read as a template itself. */
export function fillPrompt(template: string, values: Record<Placeholder, string>): string {
  return template.replace(/\{(question|reasoning|feedback)\}/g, (_, name: Placeholder) => values[name])
}
