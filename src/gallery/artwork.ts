/** A bell tower standing on (0, 0), 178 high. */
const tower =
  '<path d="M-10 0l1-118h18l1 118zM-11.500-123h23v5h-23zM-9.500-145h19v22h-19zM-11-149h22v4h-22zM-8-149L0-178 8-149z"/>';
const openings =
  '<path d="M-6.500-125v-12a2 2 0 0 1 4 0v12zM-2-125v-12a2 2 0 0 1 4 0v12zM2.500-125v-12a2 2 0 0 1 4 0v12zM-.8-20v-14h1.600v14zM-.8-46v-14h1.600v14zM-.8-72v-14h1.600v14z"/><circle cy="-104" r="5"/>';

/** Crowns of trees: x, y and radius. */
const crowns = [
  [640, 214, 16],
  [664, 208, 20],
  [742, 212, 17],
  [768, 204, 24],
  [796, 212, 16],
  [838, 208, 18],
  [858, 214, 13],
  [908, 212, 15],
  [930, 204, 22],
  [958, 210, 18],
  [1010, 212, 20],
  [1084, 206, 24],
  [1112, 212, 18],
  [1170, 208, 22],
]
  .map(([x, y, r]) => `<circle cx="${x}" cy="${y}" r="${r}"/>`)
  .join('');

/** The head of the page: a view that comes out of the noise from left to right, as the pictures do. Decoration. */
const banner = `<svg class="banner" viewBox="0 0 1200 220" preserveAspectRatio="xMaxYMax slice" aria-hidden="true" focusable="false">
<defs>
<linearGradient id="sky" x1="0" x2="0" y1="0" y2="1"><stop offset="0" class="sky-top"/><stop offset="1" class="sky-low"/></linearGradient>
<linearGradient id="fade"><stop offset=".05" stop-color="#fff"/><stop offset=".3" stop-color="#fff" stop-opacity=".72"/><stop offset=".7" stop-color="#fff" stop-opacity="0"/></linearGradient>
<mask id="noisy"><rect width="1200" height="220" fill="url(#fade)"/></mask>
<filter id="noise" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency=".28" numOctaves="2" seed="180"/><feColorMatrix values="2.6 0 0 0 -.8  0 2.6 0 0 -.8  0 0 2.6 0 -.8  0 0 0 0 1"/></filter>
</defs>
<rect width="1200" height="220" fill="url(#sky)"/>
<path class="far-hills" d="M0 220v-62c120-34 210-44 330-18s200 12 320-16 210-30 330-8 150 10 220-6v110z"/>
<path class="hills" d="M0 220v-34c110-18 190-26 310-10s210 18 330 0 190-24 310-8 170 10 250-4v56z"/>
<g transform="translate(884 214)"><g class="tower">${tower}</g><g class="openings">${openings}</g></g>
<g class="trees">${crowns}<rect y="212" width="1200" height="8"/></g>
<rect width="1200" height="220" filter="url(#noise)" mask="url(#noisy)"/>
</svg>`;

export const colours = { blue: '#2b5c8f', paper: '#fcfbf8' };

/** The tower as an SVG file: with round corners, or `whole` and smaller for systems that cut icons to a shape of their own. */
export const appIcon = ({ whole = false } = {}): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-96 -186 192 192"><rect x="-96" y="-186" width="192" height="192" rx="${whole ? 0 : 40}" fill="${colours.blue}"/><g fill="#f4e7cf" transform="${whole ? 'translate(0 -19) scale(1.190 .7)' : 'scale(1.700 1)'}">${tower}</g></svg>`;

const icon = `data:image/svg+xml,${encodeURIComponent(appIcon())}`;

export const artwork = { banner, icon };
