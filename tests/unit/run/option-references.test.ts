import { describe, expect, it } from 'vitest'
import { refersToOptions } from '#core/run/option-references'

const withEnglish = (option: string) => ['Propofol', 'Ketamine', 'Etomidate', option]
const withChinese = (option: string) => ['丙泊酚', '氯胺酮', '依托咪酯', option]

describe('refersToOptions', () => {
  it.each([
    'All of the above',
    'None of the above.',
    'All the above',
    'Any of the above',
    'Two of the above',
    'All of these',
    'none of these',
    'All of the above are correct',
    'Both of the above',
    'Neither of the above',
    'More than one of the above',
    'All options are correct',
    'None of the other options',
    'Most of the following',
    'All are true',
    'None is correct',
    'Both',
    'A and B',
    'A & C',
    'A or B',
    'Neither A nor B',
    'Both A and B',
    'A, B and C',
    'A, C',
    'A+B',
    'A/B',
    'A, B, or C only',
    'Options A and B',
    'Option A',
    'Answer (B)',
    'A only',
    'Only B',
    'All except C',
    'A is correct',
    'AC',
    'ABC',
    'Ａ and Ｂ',
  ])('%s', (option) => {
    expect(refersToOptions(withEnglish(option), 'en')).toBe(true)
  })

  it.each([
    'None',
    'Above the diaphragm',
    'Systolic pressure above 140 mmHg',
    'Below the knee',
    'Vitamin A',
    'A decrease in tidal volume',
    'I and II',
    'Factor V and VIII',
    'Both lungs are ventilated',
    'All muscle relaxants',
    'Each other day',
    'An inhalational agent',
    'Hepatitis',
    'T',
    'ECG',
    'BAD',
    'CPAP',
    'E and F',
    'A',
    'One lung ventilation',
    'Neither pupil reacts',
  ])('not %s', (option) => {
    expect(refersToOptions(withEnglish(option), 'en')).toBe(false)
  })

  it.each([
    '以上都是',
    '以上都不是',
    '以上均正确',
    '以上皆非',
    '以上各项均是',
    '以上全部',
    '上述均不正确',
    '上述都对',
    '以上选项都正确',
    '以上说法都对',
    '以上三项都是',
    '以上都不是。',
    '以上均可',
    '上述三种',
    '其余选项均不正确',
    '其他都不是',
    '都是',
    '均正确',
    '皆可',
    '全对',
    '全部正确',
    '都不对',
    '两者都是',
    '二者均非',
    '没有正确答案',
    'A和B',
    'A、B',
    'A+C',
    'A，B',
    'Ａ＋Ｂ',
    'A及B均正确',
    '选项A',
    '仅A',
    '只有B',
    '除C外',
    'A项',
    'AB',
    'ABC均正确',
  ])('%s', (option) => {
    expect(refersToOptions(withChinese(option), 'zh')).toBe(true)
  })

  it.each([
    '体温38℃以上',
    '第5肋以上',
    '50岁以上的患者',
    'A型',
    '维生素A',
    '甲型肝炎',
    '全身麻醉',
    '均匀分布',
    '其他药物中毒',
    '都市',
    '所有肌松药的作用时间',
    '无',
    '心率60次/分以下',
    '两侧肺均通气',
    '可以',
    '是',
  ])('not %s', (option) => {
    expect(refersToOptions(withChinese(option), 'zh')).toBe(false)
  })
})
