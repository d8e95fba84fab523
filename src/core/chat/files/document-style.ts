/** The style sheet of exported conversations: light and dark, screen and paper, no font or picture from elsewhere. */
export const DOCUMENT_STYLE = `
:root{color-scheme:light dark;--text:light-dark(#13212a,#e7eef2);--muted:light-dark(#4a5d68,#a3b5bf);--surface:light-dark(#fff,#0f161b);--raised:light-dark(#f1f5f6,#172128);--line:light-dark(#c4d0d6,#33454f);--accent:light-dark(#0b6570,#58c7cf);--warn:light-dark(#fbf0d9,#362807)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:48rem;padding:1.5rem 1rem 3rem;background:var(--surface);color:var(--text);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;overflow-wrap:break-word}
:lang(zh){line-height:1.75}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1rem;margin:0;color:var(--accent)}
h3{font-size:1.05rem}
header p,.date,dl,.remark{margin:.25rem 0;color:var(--muted);font-size:.875rem}
p.notice,footer p{padding:.6rem .9rem;border-inline-start:4px solid var(--accent);background:var(--warn);color:var(--text);font-size:1rem}
article{margin-block:1.5rem;padding:1rem;border:1px solid var(--line);border-radius:.75rem}
.question{background:var(--raised)}
.text{white-space:pre-wrap}
.answer,details>div{overflow-x:auto}
details{margin-block:.75rem;padding:.25rem .75rem;border-inline-start:3px solid var(--line);color:var(--muted)}
summary{cursor:pointer;padding-block:.25rem;font-weight:600}
pre,code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.9em}
pre{padding:.75rem;background:var(--raised);white-space:pre-wrap}
blockquote{margin-inline:0;padding-inline-start:.75rem;border-inline-start:3px solid var(--line)}
table{border-collapse:collapse}
th,td{padding:.3rem .6rem;border:1px solid var(--line);text-align:start}
math[display=block]{display:block;margin-block:.75rem;overflow-x:auto}
.unseen{padding-inline:.2em;border:1px solid var(--line);font-size:.75em}
dl{margin-block-start:.75rem;padding-block-start:.5rem;border-block-start:1px solid var(--line)}
dl div{display:grid;grid-template-columns:9rem 1fr;gap:.25rem .75rem}
dt{font-weight:600}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
@media (max-width:32rem){dl div{grid-template-columns:1fr;gap:0;margin-block-end:.35rem}}
@media print{:root{color-scheme:light}body{max-width:none;padding:0}article{border-color:#999}h2{break-after:avoid}details::details-content{content-visibility:visible;block-size:auto}}
`
