"""The page that a report is written into. Light or dark as the reader's system is."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Data report: {title}</title>
<style>
:root {{ color-scheme: light dark; --text: #1d2329; --muted: #66707b; --line: #dde1e6; --panel: #ffffff;
  --ground: #f4f5f7; --accent: #2f6fde; --good: #1f9d63; --warning: #b97a10; --bad: #d13c4b; }}
@media (prefers-color-scheme: dark) {{ :root {{ --text: #e6e8eb; --muted: #9aa3ad; --line: #353a42; --panel: #22252a;
  --ground: #1b1d21; --accent: #5b9dff; --good: #4cc38a; --warning: #f0b44c; --bad: #f0616d; }} }}
body {{ font: 14px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); margin: 0; }}
main {{ max-width: 60rem; margin: 2rem auto; padding: 1.5rem 2rem; background: var(--panel); border-radius: 8px;
  border: 1px solid var(--line); overflow-x: auto; }}
h1 {{ font-size: 1.5rem; margin: 0 0 1rem; }}
h2 {{ font-size: 1.1rem; margin: 2rem 0 .5rem; }}
p {{ color: var(--muted); margin: .25rem 0 .75rem; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: left; font-weight: normal; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid var(--line);
  vertical-align: middle; }}
th {{ color: var(--muted); }}
.number {{ text-align: right; }}
.bars rect {{ fill: var(--accent); }}
.words text {{ fill: var(--muted); font-size: 11px; }}
.findings {{ list-style: none; padding: 0; }}
.good b {{ color: var(--good); }} .warning b {{ color: var(--warning); }} .bad b {{ color: var(--bad); }}
.legend span {{ margin-right: 1rem; white-space: nowrap; }}
.legend i {{ display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .35rem; }}
.pictures {{ display: flex; flex-wrap: wrap; gap: .75rem; }}
figure {{ margin: 0; }}
figure img {{ image-rendering: pixelated; display: block; }}
figcaption {{ color: var(--muted); font-size: 11px; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
