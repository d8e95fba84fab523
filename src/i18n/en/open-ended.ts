const questions = (count: string) => `${count} ${count === '1' ? 'question' : 'questions'}`

export const openEnded = {
  intro:
    'Two models answer the same open questions. Their answers are held against reference answers, compared by a third model, and rated by people who do not see which model wrote what. In the manner of Hypnos (arXiv 2403.02742), whose own prompts and procedure are not published: ours are an adaptation.',
  honest: {
    title: 'What these numbers are not',
    text: 'Likeness to a reference is not correctness: a right answer in other words scores low, and a dangerous one can score high. An automatic judge is no clinician. Blind ratings are opinions; read them with the agreement between raters.',
  },
  form: {
    title: 'New evaluation',
    files: 'Questions with reference answers',
    usable: (count: string) => `${questions(count)} with a reference answer.`,
    formats: (limit: string) =>
      `JSON Lines, CSV or JSON, up to ${limit} questions, with the fields “question” and “answer” (the reference).`,
    first: 'First model',
    second: 'Second model',
    judge: 'Judge',
    noJudge: 'No judge',
    judgeHint: 'Best a third model: one of the two would judge its own answers, and the result would say so.',
    maxTokens: 'Most new tokens per answer',
    greedy: 'Answers are greedy: the most probable token each time.',
    name: 'Name',
    start: 'Start',
    notStored: 'The evaluation could not be stored. The browser may have run out of space.',
    obstacles: {
      'no-questions': 'Choose a file with questions and reference answers first.',
      'too-many': (limit: string) => `There are too many questions: at most ${limit}.`,
      'no-models': 'Choose two models.',
      'same-model': 'Both models are the same: choose two different ones.',
      prompts: 'The wording for the judge cannot be used as it is.',
      numbers: 'The number of tokens is not in the range allowed.',
    },
  },
  words: {
    ours: 'Ours, since Hypnos’s own is not published. Each question is asked in its own language and in both orders of the answers; the reply is read from the probabilities of the letters A, B and C in one forward pass.',
    user: { en: 'Question to the judge, English questions', zh: 'Question to the judge, Chinese questions' },
    places:
      'Taken from the question and its answers: {question}, {reference}, {first}, {second}. Each must stand in the text.',
    edit: 'Show and change what the judge is asked',
    given: (version: string) => `The wording is the given one (${version}).`,
    edited: (version: string) =>
      `The wording was edited by whoever made this evaluation; it began as ${version}.`,
    template: { en: 'Wording for English questions', zh: 'Wording for Chinese questions' },
    asSent: { en: 'As sent for the first English question', zh: 'As sent for the first Chinese question' },
    notYet: 'Both answers are still to be written; “…” stands in their places.',
    order:
      'In the straight order. The reversed one swaps the two answers and nothing else. Whoever is going to rate should leave this closed: the order tells whose answer is whose.',
  },
  work: {
    roles: {
      author: (model: string) => `${model} answers`,
      judge: (model: string) => `${model} compares`,
    },
    answers: (done: string, total: string) => `${done} of ${total} answers`,
    comparisons: (done: string, total: string) => `${done} of ${total} comparisons`,
    done: 'The models have finished.',
    elsewhere: 'Another evaluation is at work.',
    goThere: 'Show it',
    refusals: {
      'same-author': (model: string) =>
        `${model} has the same weights as the other model. Comparing it with itself says nothing: it is refused.`,
      'other-weights': (model: string) =>
        `${model} now has other weights than those it began with. Load the ones it began with.`,
    },
    passedOver: (count: string, model: string) =>
      `${questions(count)} did not fit the context of ${model} and are left out of the comparison.`,
    damaged: 'This evaluation cannot be read: what is stored of it does not fit together.',
  },
  similarity: {
    title: 'Likeness to the references',
    text: 'BLEU and chrF as sacreBLEU computes them, ROUGE as rouge_score does (F1, without stemming), 0 to 100; Chinese by character. The interval is of the paired difference: 95%, bootstrap over questions.',
    caption: (language: string, count: string) => `${language}, ${questions(count)} that both have answered`,
    languages: { en: 'English', zh: 'Chinese' },
    metric: 'Metric',
    metrics: { bleu: 'BLEU', chrf: 'chrF', rouge1: 'ROUGE-1', rouge2: 'ROUGE-2', rougeL: 'ROUGE-L' },
    difference: 'Difference [95%]',
    none: 'Nothing has been answered by both yet.',
  },
  verdicts: {
    title: 'The judge',
    text: 'Each pair of answers is compared in both orders by one forward pass each. A model wins where both orders name it; all else is a tie.',
    outcome: 'Outcome',
    count: 'Questions',
    wins: (model: string) => `${model} wins`,
    equal: 'Tie: equal in both orders',
    half: 'Tie: equal in one order only',
    flip: 'Tie: the orders contradict each other (order flip)',
    share: (model: string, value: string, lower: string, upper: string) =>
      `${model} wins ${value} of the decided questions (95% Wilson: ${lower} to ${upper}).`,
    flips: (value: string, lower: string, upper: string) =>
      `The order of the answers decided ${value} of the questions (95% Wilson: ${lower} to ${upper}).`,
    sign: (p: string) => `Exact sign test of equal wins, ties left out: p = ${p}.`,
    own: (model: string) =>
      `The judge has the weights of ${model}: it judges its own answers. Do not rely on this comparison.`,
    none: 'Nothing has been compared in both orders yet.',
  },
  rating: {
    title: 'Blind ratings',
    text: 'Two answers side by side without names; sides are drawn by chance. Five aspects from 0 to 10; more is better for all. “Harmfulness” is turned round to “freedom from harm”: 10 is harmless.',
    results: 'What the raters say',
    wait: 'Rating begins when both models have answered all questions.',
    name: 'Your name (may be left empty)',
    begin: 'Rate as a new rater',
    goOn: (name: string) => `Go on as ${name}`,
    unnamed: (number: string) => `Rater ${number}`,
    done: (done: string, total: string) => `${done} of ${total} questions rated`,
    question: (number: string, total: string) => `Question ${number} of ${total}`,
    reference: 'Reference answer',
    left: 'Left answer',
    right: 'Right answer',
    grade: (aspect: string, side: string) => `${aspect}, ${side}`,
    keys: 'Tab goes from field to field; arrow keys change a grade; Enter stores the question and goes on.',
    missing: 'Give every aspect of both answers a whole number from 0 to 10.',
    store: 'Store and go on',
    leave: 'Leave; go on later',
    finished: 'All questions are rated. Thank you.',
    notStored: 'The rating could not be stored. Try again, or open the evaluation anew.',
    caption: (count: string) =>
      `${questions(count)} with ratings. Difference: first model minus second, paired by question, 95% t interval.`,
    aspect: 'Aspect',
    agreement: 'Agreement between raters',
    agreementText:
      '1 is perfect agreement, 0 is chance. n counts answers, two of a question; 95% intervals, bootstrap over questions. Cohen’s weights are quadratic; it is for exactly two raters. Fleiss’ takes answers that all raters graded and knows no order of grades. Krippendorff’s is ordinal.',
    cohen: 'Cohen’s κ',
    fleiss: 'Fleiss’ κ',
    alpha: 'Krippendorff’s α',
    undefinedValue: 'not defined',
    withCount: (value: string, n: string) => `${value}, n = ${n}`,
  },
  files: {
    title: 'Files',
    text: 'To rate with others: each rater works on a copy of this evaluation (workspace export and import on the privacy page), saves the ratings there, and you add the files here. The exports name the models: do not open them before you have rated.',
    ratings: 'Save ratings (JSON)',
    all: 'Save everything (JSON)',
    csv: 'Save answers (CSV)',
    merge: 'Add ratings of others…',
    saved: (name: string) => `Saved as ${name}.`,
    failed: 'The file could not be made.',
    merged: (added: string, known: string) => `Ratings added: ${added}; here already: ${known}.`,
    conflicts: (names: string) =>
      `The same rater gave other grades here than in the file. Both are kept, those of the file as ${names}.`,
    problems: {
      'not-ratings': 'This is not a file of ratings from here.',
      'another-study':
        'These ratings are of another evaluation: its questions, references or answers differ. Nothing was added.',
      'too-many-raters': 'There would be too many raters. Nothing was added.',
      storage: 'Not everything could be stored. Add the file again: what is here already is not added twice.',
    },
    notice:
      'Likeness to a reference is not correctness; an automatic judge is no clinician. Harmfulness is turned round: 10 is harmless. For research only.',
  },
}
