/** The look of a report: light and dark by the reader's setting, on paper too. No fonts and no pictures from elsewhere. */
export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b2430;--soft:#5b6675;--line:#dfe3e9;--grid:#e9ecf1;--accent:#0b6bcb;
--good:#1a7f4b;--warn:#9a6200;--bad:#b3261e;--c0:#0b6bcb;--c1:#c25a00;--c2:#10856a;--c3:#a63d8f;--c4:#6a6f00;--c5:#5c5f66}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--text:#e6eaf0;--soft:#9aa6b5;--line:#303846;--grid:#272e39;--accent:#6cb4ff;
--good:#5fd19a;--warn:#f0b64a;--bad:#ff8a80;--c0:#6cb4ff;--c1:#ffa057;--c2:#4fd0ac;--c3:#e58bd0;--c4:#cdd14b;--c5:#a8b0bb}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:40px 24px 24px}
h1{font-size:28px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:18px;margin:0 0 12px;overflow-wrap:anywhere}
h3{font-size:14px;margin:18px 0 6px;color:var(--soft);font-weight:600;overflow-wrap:anywhere}
.lead{color:var(--soft);margin:0 0 24px;max-width:75ch;overflow-wrap:anywhere}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px 22px;margin:0 0 18px}
section>:last-child,details>:last-child{margin-bottom:0}
p{margin:0 0 12px;max-width:80ch;overflow-wrap:anywhere;white-space:pre-line}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 14px}
.figure{border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.figure b{display:block;font-size:24px;line-height:1.25;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.figure span{display:block;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.good b{color:var(--good)}.warn b{color:var(--warn)}.bad b{color:var(--bad)}
.note{border-left:4px solid var(--accent);padding:8px 14px;margin:0 0 14px;background:color-mix(in srgb,var(--accent) 8%,transparent);border-radius:0 8px 8px 0}
.note.good{border-color:var(--good);background:color-mix(in srgb,var(--good) 9%,transparent)}
.note.warn{border-color:var(--warn);background:color-mix(in srgb,var(--warn) 10%,transparent)}
.note.bad{border-color:var(--bad);background:color-mix(in srgb,var(--bad) 10%,transparent)}
.scroll{overflow-x:auto;margin:0 0 14px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
caption{caption-side:top;text-align:left;color:var(--soft);padding:0 0 6px}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:break-word}
th{font-weight:600;color:var(--soft);font-size:13px;white-space:nowrap}
.r{text-align:right;white-space:nowrap}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:14px;margin:0 0 14px}
.pictures.wide{grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr))}
figure{margin:0}
figure img{display:block;width:100%;height:auto;border-radius:8px;background:#000}
figcaption{color:var(--soft);font-size:13px;margin-top:6px;overflow-wrap:anywhere}
svg{display:block;width:100%;max-width:760px;height:auto;margin:0 0 14px;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--text)}
svg .grid{stroke:var(--grid)}svg .axis{stroke:var(--soft)}svg .label{fill:var(--soft)}svg .value{font-weight:600;font-size:14px}
svg .stroke{fill:none;stroke-width:2;stroke-linejoin:round}svg .dot{fill-opacity:.55}
svg .median{stroke:var(--text);stroke-width:3}svg .p90{stroke:var(--text);stroke-width:1.2}svg .limit{stroke:var(--bad);stroke-width:1.4;stroke-dasharray:5 4}
${[0, 1, 2, 3, 4, 5].map((i) => `svg .stroke.c${i}{stroke:var(--c${i})}svg .dot.c${i}{fill:var(--c${i})}`).join("")}
pre{margin:0 0 14px;padding:12px 14px;background:var(--page);border:1px solid var(--line);border-radius:8px;overflow-x:auto;font:13px/1.5 ui-monospace,SFMono-Regular,Consolas,monospace}
ul{margin:0 0 14px;padding-left:20px}li{overflow-wrap:anywhere}
summary{cursor:pointer;font-weight:600}details[open] summary{margin-bottom:12px}
footer{color:var(--soft);font-size:13px;padding:6px 2px 30px}
@media print{body{background:#fff}section{break-inside:avoid}main{padding:0}}
`.trim();
