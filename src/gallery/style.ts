/** The page's style sheet. Both colour schemes are in it: the system decides, or the button that a script adds. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fcfbf8, #161513);
  --wash: light-dark(#f4f1ea, #201e1b);
  --ink: light-dark(#1f1d1a, #ece7dd);
  --muted: light-dark(#67625a, #a8a193);
  --line: light-dark(#e0dbd0, #38352f);
  --accent: light-dark(#8f3d14, #eba877);
  --sky-top: light-dark(#6fa3d4, #14233c);
  --sky-low: light-dark(#e9eef0, #49566f);
  --far-hills: light-dark(#b4c5cc, #35455a);
  --hills: light-dark(#8fa79a, #233139);
  --trees: light-dark(#4d6650, #121a19);
  --stone: light-dark(#f3e8d3, #cdbfa4);
  --opening: light-dark(#8b7d69, #4b463f);
  --serif: "Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, Charter, "Bitstream Charter", Cambria, Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
  --measure: 38rem;
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }

* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.62 var(--serif); text-rendering: optimizeLegibility; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .18em; }
a:hover { color: var(--accent); text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
p { margin: 0 0 1em; text-wrap: pretty; }
img { display: block; max-width: 100%; height: auto; }
[hidden] { display: none !important; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--paper); z-index: 9; font-family: var(--sans); }
.skip:focus { left: .5rem; top: .5rem; }

/* Head */
.masthead { border-bottom: 1px solid var(--line); }
.banner { display: block; width: 100%; height: clamp(120px, 17vw, 220px); }
.sky-top { stop-color: var(--sky-top); } .sky-low { stop-color: var(--sky-low); }
.far-hills { fill: var(--far-hills); } .hills { fill: var(--hills); } .openings { fill: var(--opening); } .trees { fill: var(--trees); } .tower { fill: var(--stone); }
.title, .sheet, footer { max-width: 80rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem); }
.title { padding-top: clamp(1.75rem, 4vw, 3rem); padding-bottom: 2rem; }
h1, h2, h3 { font-weight: 500; line-height: 1.18; text-wrap: balance; }
h1 { font-size: clamp(2.1rem, 1.5rem + 2.6vw, 3.4rem); letter-spacing: -.015em; margin: 0 0 1.1rem; }
.title p { max-width: var(--measure); }
.title, .prose { overflow-wrap: anywhere; }
.title dl { display: flex; flex-wrap: wrap; gap: .6rem 2.4rem; margin: 1.6rem 0 0; font: .8125rem/1.4 var(--sans); }
.title dt { color: var(--muted); }
.title dd { margin: 0; overflow-wrap: anywhere; }

/* Contents */
.contents { font: .875rem/1.35 var(--sans); padding-top: 1.5rem; }
.contents summary { color: var(--muted); cursor: pointer; width: max-content; }
.contents ol { list-style: none; counter-reset: section; margin: .6rem 0 0; padding: 0; }
.contents li { counter-increment: section; }
.contents a { display: flex; gap: .7em; padding: .28rem 0; text-decoration: none; color: var(--muted); }
.contents a::before { content: counter(section); min-width: 1.3em; text-align: right; font-variant-numeric: tabular-nums; }
.contents a:hover, .contents a[aria-current] { color: var(--accent); }

/* Sections */
main { counter-reset: section; min-width: 0; padding-bottom: 3rem; }
section { counter-increment: section; padding-top: clamp(2.5rem, 5vw, 4rem); scroll-margin-top: 0; }
h2 { font-size: clamp(1.5rem, 1.25rem + 1vw, 1.95rem); margin: 0 0 .9rem; letter-spacing: -.008em; }
h2::before { content: counter(section); color: var(--muted); margin-right: .7em; font-variant-numeric: lining-nums; }
h2 a { text-decoration: none; }
h3 { font: 600 .8125rem/1.4 var(--sans); color: var(--muted); margin: 1.8rem 0 .7rem; }
.prose { max-width: var(--measure); }
.formula { margin: 1.1rem 0; padding: .2rem 0; overflow-x: auto; overflow-y: hidden; font-size: 1.12em; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Libertinus Math", math, serif; }
/* Letters from the text's own face: few systems have a face for mathematics, and a borrowed alphabet would not match. */
mi, mn, mo { font-family: var(--serif); }
mi { text-transform: none; font-style: italic; }
mi[mathvariant] { font-style: normal; }
.remark { margin-top: 1.4rem; }
pre { margin: 0; overflow-x: auto; font: .8125rem/1.5 var(--mono); }
.prose > .command { margin-top: 1.2rem; color: var(--muted); padding-left: 1.1em; text-indent: -1.1em; }
.command { white-space: normal; overflow-wrap: anywhere; }
.command span { display: inline-block; max-width: 100%; text-indent: 0; }
.prose > .command code::before { content: "$ "; color: var(--accent); }

/* Tables and strips */
.scroll { container-type: inline-size; overflow-x: auto; margin: 1.8rem 0 0; overscroll-behavior-x: contain; }
table { border-collapse: separate; border-spacing: 0; }
th { font: .8125rem/1.35 var(--sans); font-weight: 400; text-align: left; color: var(--muted); text-wrap: balance; }
thead th { vertical-align: bottom; padding: 0 .9rem .55rem 0; max-width: var(--picture); }
tbody th { position: sticky; left: 0; z-index: 1; background: linear-gradient(to right, var(--paper) 85%, transparent); vertical-align: top; padding: .1rem 1rem 0 0; width: 7.5rem; min-width: 5.5rem; }
tbody td { vertical-align: top; padding: 0 .9rem 1.2rem 0; min-width: calc(clamp(76px, (100cqi - 7.6rem) / var(--columns) - .9rem, var(--picture)) + .9rem); }
thead td { padding: 0; }
.headless thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.headless tbody td { padding-right: 1.4rem; }
.headless tbody th { width: 4.5rem; min-width: 4rem; }
.strip { list-style: none; margin: 1.8rem 0 0; padding: 0; display: grid; gap: 0 .9rem; grid-template-columns: repeat(auto-fill, var(--column, var(--picture))); }
.strip:has(.near-and-far) { --column: calc(var(--picture) + 4rem); column-gap: 1.4rem; }
h3 + .strip { margin-top: 0; }
.strip li { display: grid; grid-row: span 2; grid-template-rows: subgrid; margin-bottom: 1.2rem; }
.strip .head { align-self: end; margin: 0 0 .45rem; font: .8125rem/1.35 var(--sans); color: var(--muted); text-wrap: balance; }

/* Pictures */
.coming { color: var(--muted); font: .8125rem/1.35 var(--sans); margin: 1.2rem 0; }
.plate { margin: 0; max-width: var(--picture); }
.plate img { width: 100%; background: var(--wash); border-radius: 2px; }
.plate summary { list-style: none; cursor: zoom-in; }
.plate summary::-webkit-details-marker { display: none; }
figcaption { font: .78125rem/1.4 var(--sans); margin-top: .45rem; }
.said { display: block; text-wrap: balance; }
.said i { font-style: normal; color: var(--muted); }
.facts { display: flex; flex-wrap: wrap; gap: 0 .7em; color: var(--muted); font-variant-numeric: tabular-nums; }
.facts span { white-space: nowrap; }
.about { font: .78125rem/1.45 var(--sans); padding-top: .5rem; }
.about p { margin: 0 0 .5rem; color: var(--muted); }
.about pre { font-size: .6875rem; background: var(--wash); padding: .55rem .7rem; border-radius: 3px; margin-bottom: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 18rem; overflow-y: auto; }
.words summary { color: var(--muted); text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: .18em; width: max-content; cursor: pointer; }
.words summary:hover { color: var(--accent); }

/* A picture that turns: by hover, focus or its switch; a switch that is on turns it back under the pointer. */
.turning { --shown: none; --other: 0; --now: var(--ink); --then: var(--muted); }
.turning:has(input:checked), .turning:has(input:focus-visible) { --shown: var(--turned); --other: 1; --now: var(--muted); --then: var(--ink); }
.turning:has(input:checked:focus-visible) { --shown: none; --other: 0; --now: var(--ink); --then: var(--muted); }
@media (hover: hover) {
  .turning:has(.turner:hover) { --shown: var(--turned); --other: 1; --now: var(--muted); --then: var(--ink); }
  .turning:has(.turner:hover input:checked) { --shown: none; --other: 0; --now: var(--ink); --then: var(--muted); }
}
.turner { display: block; position: relative; overflow: hidden; border-radius: 2px; }
.turner:has(input:focus-visible) { outline: 2px solid var(--accent); outline-offset: 3px; }
.turner input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; z-index: 1; cursor: pointer; }
.art { display: block; position: relative; transform: var(--shown); transition: transform 600ms cubic-bezier(.45, .05, .3, 1); }
.art .other { position: absolute; inset: 0; opacity: var(--other); transition: opacity 600ms; }
.upright { color: var(--now); } .turned { color: var(--then); }

/* A picture with two distances; its slider needs room. */
tbody td:has(.near-and-far) { min-width: 9.6rem; }
.strip:has(.many-sided) { grid-template-columns: minmax(0, 1fr); }
.many-sided { max-width: none; }
.side .said { display: block; }
.sides-of { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), var(--picture))); gap: .8rem; }
.sides-of img { width: 100%; height: auto; }
.near-and-far { max-width: calc(var(--picture) + 4rem); }
.pair { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1rem; }
.pair .near { flex: 0 1 var(--picture); min-width: 0; }
.near summary { aspect-ratio: 1; display: grid; place-items: center; overflow: hidden; }
.near summary img { width: calc(100% / var(--distance, 1)); }
.plate .far { width: 2.5rem; flex: none; border-radius: 0; }
.distance { display: flex; align-items: center; gap: .7em; font: .78125rem/1.4 var(--sans); color: var(--muted); margin-top: .5rem; max-width: var(--picture); }
.distance input { flex: 1; width: 0; accent-color: var(--accent); }

/* The large picture */
dialog { width: min(96vw, 66rem); max-width: none; max-height: 94vh; padding: 0; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); color: var(--ink); }
dialog::backdrop { background: rgb(12 11 10 / .72); }
.viewer { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 21rem); }
.viewer .shown { background: var(--wash); display: grid; place-items: center; padding: clamp(.75rem, 2.5vw, 2rem); }
.viewer .shown > * { width: min(100%, 34rem, 74vh); }
.viewer .shown img { width: 100%; border-radius: 2px; }
.viewer .shown.pixels img { image-rendering: pixelated; }
.viewer .beside { padding: 1.25rem 1.4rem 1.4rem; overflow-y: auto; max-height: 94vh; font: .875rem/1.5 var(--sans); }
.viewer h2 { font: 500 1.15rem/1.3 var(--serif); margin: 0 2rem .5rem 0; }
.viewer h2::before { content: none; }
.viewer .facts { font-size: .8125rem; margin-bottom: .9rem; }
.viewer .tools { display: flex; flex-wrap: wrap; gap: .5rem; margin: .9rem 0; }
button, .button { font: .8125rem/1 var(--sans); color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: .55rem .75rem; cursor: pointer; text-decoration: none; display: inline-block; }
button.your-picture { font: 600 .875rem/1.4 var(--sans); min-height: 2.75rem; padding: .3rem .9rem; border-radius: 6px; }
button:hover, .button:hover { border-color: var(--accent); color: var(--accent); }
dialog .close { position: absolute; top: .6rem; right: .6rem; border: 0; font-size: 1.4rem; padding: .4rem .6rem; background: color-mix(in srgb, var(--paper) 80%, transparent); }
.title { position: relative; }
.theme { position: absolute; top: 1.1rem; right: clamp(1rem, 4vw, 3rem); color: var(--muted); }

footer { border-top: 1px solid var(--line); padding-top: 1.4rem; padding-bottom: 3rem; color: var(--muted); font: .8125rem/1.5 var(--sans); }

@media (min-width: 75rem) {
  .sheet { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 3rem; }
  .contents { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; padding: 4.2rem 0 2rem; }
}
@media screen and (max-width: 47rem) {
  .viewer { grid-template-columns: minmax(0, 1fr); }
  .viewer .beside { max-height: none; }
  table { --narrow: 112px; }
  .strip { grid-template-columns: repeat(auto-fill, minmax(min(var(--column, var(--picture)), 46%), 1fr)); }
  .strip:has(.near-and-far) { grid-template-columns: minmax(0, 1fr); }
  .strip .plate { max-width: none; }
  table:not(.headless) tbody td { min-width: calc(var(--narrow) + .9rem); }
  table:not(.headless) .plate, table:not(.headless) thead th { max-width: var(--narrow); }
  tbody th { width: 5rem; min-width: 4.6rem; padding-right: .6rem; font-size: .75rem; overflow-wrap: anywhere; }
}
@media (prefers-reduced-motion: reduce) {
  html { scroll-behavior: auto; }
  .art, .art .other { transition-duration: 0s; }
}
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; }
  .banner { height: 3cm; }
  .contents, .theme, .skip, .words, .distance, footer { display: none; }
  section, tr, .plate, .formula { break-inside: avoid; }
  section { break-inside: auto; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  table, .strip { zoom: .62; }
  tbody th { position: static; background: none; }
}
`;
