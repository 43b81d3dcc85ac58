/** Stands right behind the contents: closed later, on a narrow screen, they would move the page that is already seen. */
export const closeContents = `if (innerWidth < 1200) document.querySelector('.contents details').open = false;`;

/**
 * What the page can do beyond HTML and CSS: pictures open large, with their recipe and a command to copy; Enter turns what
 * Space turns; the hybrid's distance slides; the colour scheme can be chosen. Everything else works without it.
 */
export const script = `
'use strict';
const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Storage is refused to files in some browsers; the choice then lasts as long as the page.
const remembered = {
  get theme() { try { return localStorage.getItem('campanile-theme'); } catch { return null; } },
  set theme(value) { try { localStorage.setItem('campanile-theme', value); } catch {} },
};
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const theme = () => root.dataset.theme ?? (systemDark.matches ? 'dark' : 'light');
const themeButton = element('button', { className: 'theme', type: 'button' });
const showTheme = () => { themeButton.textContent = theme() === 'dark' ? 'Light' : 'Dark'; themeButton.setAttribute('aria-label', themeButton.textContent + ' colours'); };
if (remembered.theme) root.dataset.theme = remembered.theme;
themeButton.onclick = () => { remembered.theme = root.dataset.theme = theme() === 'dark' ? 'light' : 'dark'; showTheme(); };
systemDark.addEventListener('change', showTheme);
showTheme();
document.querySelector('.title').append(themeButton);

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.matches('[role=switch]')) event.target.click();
});


const viewer = document.getElementById('viewer');
const plates = () => all('.plate');
const copyButton = (text) => {
  const button = element('button', { type: 'button', textContent: 'Copy command' });
  button.onclick = async () => {
    try { await navigator.clipboard.writeText(text); button.textContent = 'Copied'; } catch { button.textContent = 'Select it and copy'; }
  };
  return button;
};
function show(plate) {
  const about = plate.querySelector('.about');
  const image = plate.querySelector('img');
  const turner = plate.querySelector('.turner');
  const shown = element('div', { className: turner ? 'shown turning' : 'shown' }, (turner ?? image).cloneNode(true));
  shown.style.cssText = plate.style.cssText;
  const said = all('.said', plate).map((line) => line.textContent).join(' · ');
  const tools = element('div', { className: 'tools' });
  const command = about.querySelector('.command')?.textContent;
  if (command) tools.append(copyButton(command));
  tools.append(element('a', { className: 'button', href: image.src, download: plate.dataset.name + '.png', textContent: 'Save PNG' }));
  const pixels = element('button', { type: 'button', textContent: 'Pixels' });
  pixels.setAttribute('aria-pressed', 'false');
  pixels.onclick = () => pixels.setAttribute('aria-pressed', String(shown.classList.toggle('pixels')));
  tools.append(pixels);
  const step = (by, name) => {
    const button = element('button', { type: 'button', textContent: name });
    button.onclick = () => show(beside(plate.dataset.name, by));
    return button;
  };
  tools.append(step(-1, 'Previous'), step(1, 'Next'));
  const close = element('button', { className: 'close', type: 'button', textContent: '×' });
  close.setAttribute('aria-label', 'Close');
  close.onclick = () => viewer.close();
  const words = element('div', { className: 'beside' }, element('h2', { textContent: image.alt }));
  if (said && !image.alt.includes(said)) words.append(element('p', { textContent: said }));
  const facts = plate.querySelector('.facts')?.cloneNode(true);
  if (facts) words.append(facts);
  words.append(tools, about.cloneNode(true));
  viewer.replaceChildren(close, element('div', { className: 'viewer' }, shown, words));
  viewer.dataset.name = plate.dataset.name;
  viewer.setAttribute('aria-label', image.alt);
  if (!viewer.open) viewer.showModal();
  close.focus();
}
const beside = (name, by) => {
  const row = plates();
  return row[(row.findIndex((plate) => plate.dataset.name === name) + by + row.length) % row.length];
};
function enliven(place) {
  for (const slider of all('.distance', place)) {
    slider.hidden = false;
    const near = slider.parentElement.querySelector('.near');
    slider.querySelector('input').oninput = ({ target }) => near.style.setProperty('--distance', target.value);
  }
  for (const plate of all('.plate', place)) {
    plate.querySelector('.enlarge > summary').addEventListener('click', (event) => {
      event.preventDefault();
      show(plate);
    });
  }
}
enliven(document);
viewer.addEventListener('click', (event) => { if (event.target === viewer) viewer.close(); });
viewer.addEventListener('keydown', ({ key }) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (by) show(beside(viewer.dataset.name, by));
});

const links = new Map(all('.contents a').map((link) => [link.hash.slice(1), link]));
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute('aria-current');
    links.get(target.id)?.setAttribute('aria-current', 'true');
  }
}, { rootMargin: '-20% 0px -75% 0px' });
for (const section of all('main > section')) observer.observe(section);
`;

/**
 * Of a page that is still being made: asks its server for what comes, says which section is looked at, and puts the pictures
 * where they belong. What a reader has opened stays open; only the section that grows is drawn again.
 */
export const follow = (version: number): string => `
let seen = ${version};
let asking = new AbortController();
// The section in the middle of the window; at the end of the page, which is short at first, the last one.
const lookedAt = () => {
  const sections = all('main > section');
  const atEnd = innerHeight + scrollY >= root.scrollHeight - 2 && scrollY > 0;
  const middle = (section) => section.getBoundingClientRect().top < innerHeight / 2;
  return (atEnd ? sections.at(-1) : sections.findLast(middle))?.id ?? '';
};
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => {
  for (let making = true; making; ) {
    asking = new AbortController();
    const query = new URLSearchParams({ seen, section: lookedAt() });
    try {
      const response = await fetch('page/changes?' + query, { signal: asking.signal });
      if (!response.ok) throw new Error(response.statusText);
      const news = await response.json();
      for (const [id, html] of Object.entries(news.pictures)) {
        const place = document.getElementById(id).querySelector('.pictures');
        place.innerHTML = html;
        enliven(place);
      }
      ({ version: seen, making } = news);
    } catch (error) {
      if (error.name !== 'AbortError') await later(2000);
    }
  }
})();
let looked = lookedAt();
setInterval(() => { if (looked !== lookedAt()) { looked = lookedAt(); asking.abort(); } }, 300);
`;
