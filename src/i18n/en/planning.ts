export const planning = {
  plan: {
    title: 'What it tells and what it costs',
    precision: 'Precision',
    precisionOf: (points: string) => `±${points} points`,
    exact: 'exact',
    aboutSelection: (population: string, points: string) =>
      `about these ${population} questions; ±${points} about questions like these (95%, at 50% right, where intervals are widest)`,
    aboutAll: (points: string) =>
      `all questions of the selection are asked; ±${points} points about questions like these (95%, at 50% right)`,
    allParts: 'all parts of the split together',
    detectable: 'Difference of two models it can find',
    detectableOf: (points: string) => `from ${points} points`,
    undetectable: 'none: too few questions',
    detectableHint: (discordance: string) =>
      `found in 4 of 5 runs if the two differ on ${discordance} of the questions`,
    time: 'Time on this computer',
    energy: 'Energy',
    notMeasured: 'not measured yet',
    energyHint: (watts: string) => `at ${watts} W, an assumption (below)`,
    wattHours: (amount: string) => `${amount} Wh`,
    kilowattHours: (amount: string) => `${amount} kWh`,
    fromMeasured: (perItem: string, items: string, at: string) =>
      `${perItem} per question, measured on ${items} questions, ${at}`,
    fromRun: (perItem: string, items: string, name: string) =>
      `${perItem} per question, from ${items} answers of “${name}”`,
    range: (least: string, most: string) => `single questions took ${least} to ${most}`,
    measure: 'Measure on this computer',
    measureAgain: 'Measure again',
    mostPace: 'reckoned for all replies to a question; stopping early takes less',
    measureHint: (items: string) =>
      `Asks ${items} questions of the selection with the model and settings above; the first is a warm-up. The answers are not kept.`,
    measuring: 'Measuring',
    measuringItem: (done: string, all: string) => `${done} of ${all} questions`,
    loadingModel: 'loading the model',
    cancel: 'Cancel measuring',
    measured: (perItem: string) => `Measured: ${perItem} per question.`,
    busy: 'Another tab or run is measuring now. Try again when it has ended.',
    failed: 'The speed could not be measured.',
    changed: 'The dataset or the model has changed meanwhile. Choose it again, or reload the page.',
    target: 'Wanted precision, ± points',
    targetInvalid: 'A number above 0, up to 50.',
    costOf: (items: string, population: string) => `${items} of ${population} questions`,
    costSource: (items: string) => `For the same claim about questions like these: ${items}.`,
    costTime: (time: string, energy: string) => `about ${time}, ${energy}`,
    useItems: (items: string) => `Ask ${items}`,
    assumptions: 'Assumptions',
    watts: 'Power this computer draws while it answers, in watts',
    wattsHint: '65 W is assumed for a laptop under load. A power meter or the battery’s settings say more.',
    wattsInvalid: 'A number from 1 to 10,000.',
    discordance: 'Questions that one model gets right and the other does not, in %',
    discordanceHint: 'About 30% is assumed. Models that are more alike differ on fewer.',
    discordanceInvalid: 'A number from 1 to 100.',
    discordanceFrom: (percent: string, first: string, second: string) =>
      `${percent} between “${first}” and “${second}”`,
    takePair: 'Take it from earlier runs',
    noPair: 'No two runs of different models share enough questions of this dataset.',
  },
  budget: {
    title: 'End early',
    none: 'no limit',
    minutesState: (minutes: string) => `after ${minutes} min`,
    precisionState: (points: string) => `at ±${points} points`,
    minutes: 'After minutes of answering',
    minutesHint: 'Leave empty for no limit. The question under way is finished and counts.',
    minutesInvalid: (most: string) => `A number above 0, up to ${most}.`,
    precision: 'When the interval is no wider than ± points',
    precisionHint: 'Leave empty for no limit. Looking after every answer is allowed for.',
    precisionInvalid: (most: string) => `A number above 0, up to ${most}.`,
    whyAllowed:
      'An ordinary interval, looked at again and again, excludes the truth far too often. This run uses a confidence sequence: it is wider, and right at all looks together in 95% of runs. It needs questions drawn at random over all languages and levels together.',
    atMost: (items: string, population: string) =>
      `Narrow enough after ${items} of ${population} questions if half are right; sooner if more or fewer are.`,
    neverWithin: (items: string) =>
      `At 50% right, ${items} questions are not enough for that: the run would ask all of its questions.`,
    needsSimple:
      'A stratified sample cannot end this way: this limit is not used. Draw the questions at random over all languages and levels instead.',
    makeSimple: 'Draw a simple random sample',
  },
  running: {
    sequence: 'Accuracy by now (95%, at any look)',
    target: (points: string, wanted: string) => `±${points} points, ends at ±${wanted}`,
    timeBudget: 'Answering time',
    timeOf: (used: string, limit: string) => `${used} of ${limit}`,
  },
  stop: {
    finished: 'Every question was answered.',
    user: 'Ended by hand before the last question.',
    minutes: (limit: string) => `Ended when its time was used up: ${limit} of answering.`,
    precision: (points: string) =>
      `Ended as planned, when its interval was narrow enough: ±${points} points.`,
    'parts-missing': 'Merged from parts of which some are missing.',
    'open-at-export': 'It was still open when its file was exported; it cannot go on here.',
    short: {
      user: 'Ended by hand',
      minutes: 'Time used up',
      precision: 'Narrow enough',
      'parts-missing': 'Parts missing',
      'open-at-export': 'Open when exported',
    },
  },
  caveats: {
    unequal:
      'Not weighted: languages and levels were drawn in equal numbers. The weighted estimate for all questions of the selection is in the next card.',
    'ended-by-precision':
      'These intervals hold for a single look. This run could end as soon as it was precise enough: the interval that allows for it is in the next card.',
    short: {
      unequal: 'not weighted',
      'ended-by-precision': 'interval for a single look',
    },
  },
  estimate: {
    title: 'What the score says of more questions',
    scoring: (scoring: string) => `Scoring: ${scoring}. 95% intervals.`,
    none: 'no interval',
    source: 'Questions like these',
    sourceAbout: (n: string) =>
      `About the source that the ${n} answered questions came from, each taken for itself (Wilson).`,
    sourceUnequal: 'Cells were drawn in equal numbers, so this mean speaks for no existing mix of questions.',
    selection: 'All questions of the selection',
    selectionAbout: (population: string, n: string) =>
      `About these very ${population} questions, of which ${n} were answered. Languages and levels are weighted by their numbers; the more were answered, the less is left to chance.`,
    complete: (population: string) =>
      `All ${population} questions of the selection were answered: this is their score, with nothing left to estimate.`,
    missing: (cells: string) => `No estimate: no answer yet to ${cells}.`,
    single: 'Some language and level has a single answer, which tells nothing of its spread.',
    stems: 'Shared stems taken together',
    stemsAbout: (n: string, groups: string) =>
      `${n} questions have ${groups} different stems. Those of one stem may be right or wrong together and then say less than separate ones (clustered standard error).`,
    sequence: 'All questions, at any look',
    sequenceAbout:
      'A confidence sequence holds at all looks together, so it was allowed to end the run when it was narrow. The other intervals on this card do not allow for that.',
    sequenceSource: 'Questions like these, at any look',
    sequenceSourceAbout: 'The same for the source that the questions came from.',
    effort: 'Reply length and answering time by level',
    effortHint: 'Median, with lower and upper quartile.',
    effortScroll: 'Length and time by level, scrolls sideways',
    level: 'Level',
    allLevels: 'All',
    n: 'n',
    tokens: 'Reply tokens',
    time: 'Answering time',
    quartiles: (lower: string, upper: string) => `${lower} to ${upper}`,
  },
}
