import type { home as Shape } from '../en/home'

export const home: typeof Shape = {
  title: '在浏览器中运行麻醉学语言模型，并如实评测',
  intro:
    'Somnus 用这台电脑自己的处理器运行医学语言模型，并让它们参加 AnesBench——一套中英文麻醉学考试。您输入或加载的任何内容都不会离开这台电脑。',
  runDemo: '运行演示',
  demoHint: '无需下载：一个极小的内置模型将在约一分钟内完成一套关于虚构药物的内置试题。',
  demoStarting: '正在准备演示…',
  stepsTitle: '接下来使用真实模型',
  steps: {
    models: {
      title: '选择模型',
      text: '查看这台电脑能运行什么，并用 GPU 或 CPU 加载 Qwen2.5。',
    },
    benchmark: {
      title: '让它参加考试',
      text: '导入 AnesBench 或您自己的题目。每个答案保存之后，才会接受下一个答案。',
    },
    results: {
      title: '核对每个数字',
      text: '按级别和语言给出带区间的准确率、两种评分方式，并可查看每条回答。',
    },
    chat: { title: '亲自提问', text: '离线与同一个模型对话，看看它会在哪里出错。' },
  },
  facts: {
    title: '这里的分数意味着什么',
    exam: '分数只代表考试表现，不能证明临床安全性：独立研究发现，得分较高的模型仍有很高的安全性错误率。',
    honest: '每个分数都用指纹标明模型、量化方式、提示词和数据，说明有多少回答无法识别，并给出 95% 区间。',
    private: '只会向您为模型或数据集选择的网站发出请求。没有账号，没有统计分析，也没有我们的服务器。',
  },
}
