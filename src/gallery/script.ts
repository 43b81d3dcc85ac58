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

for (const slider of all('.distance')) {
  slider.hidden = false;
  const near = slider.parentElement.querySelector('.near');
  slider.querySelector('input').oninput = ({ target }) => near.style.setProperty('--distance', target.value);
}

const viewer = document.getElementById('viewer');
const plates = all('.plate');
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
    button.onclick = () => show(plates[(plates.indexOf(plate) + by + plates.length) % plates.length]);
    return button;
  };
  tools.append(step(-1, 'Previous'), step(1, 'Next'));
  const close = element('button', { className: 'close', type: 'button', textContent: '×' });
  close.setAttribute('aria-label', 'Close');
  close.onclick = () => viewer.close();
  const beside = element('div', { className: 'beside' }, element('h2', { textContent: image.alt }));
  if (said && !image.alt.includes(said)) beside.append(element('p', { textContent: said }));
  const facts = plate.querySelector('.facts')?.cloneNode(true);
  if (facts) beside.append(facts);
  beside.append(tools, about.cloneNode(true));
  viewer.replaceChildren(close, element('div', { className: 'viewer' }, shown, beside));
  viewer.dataset.name = plate.dataset.name;
  viewer.setAttribute('aria-label', image.alt);
  if (!viewer.open) viewer.showModal();
  close.focus();
}
for (const plate of plates) {
  plate.querySelector('.enlarge > summary').addEventListener('click', (event) => {
    event.preventDefault();
    show(plate);
  });
}
viewer.addEventListener('click', (event) => { if (event.target === viewer) viewer.close(); });
viewer.addEventListener('keydown', ({ key }) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const at = plates.findIndex((plate) => plate.dataset.name === viewer.dataset.name);
  if (by) show(plates[(at + by + plates.length) % plates.length]);
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
if (innerWidth < 1200) document.querySelector('.contents details').open = false;
`;
