import sharp from 'sharp';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { appIcon, colours } from '../../src/gallery/artwork.ts';
import { carriedFiles } from './carried.ts';

/** Models and runtime: `fetched.ts` keeps them, when somebody runs a figure. */
const LARGE = /\.(?:wasm|safetensors)$/;

const icons: readonly { readonly name: string; readonly size: number; readonly whole?: boolean }[] = [
  { name: 'icon-192.png', size: 192 },
  { name: 'icon-512.png', size: 512 },
  // The system cuts it to its own shape.
  { name: 'icon-maskable-512.png', size: 512, whole: true },
  { name: 'apple-touch-icon.png', size: 180, whole: true },
];

const drawn = (): Plugin => ({
  name: 'icons',
  async generateBundle() {
    for (const { name, size, whole = false } of icons) {
      const source = await sharp(Buffer.from(appIcon({ whole })), { density: 300 })
        .resize(size)
        .png()
        .toBuffer();
      this.emitFile({ type: 'asset', fileName: name, source });
    }
  },
});

/**
 * Manifest, icons, and workbox's service worker, which keeps the code of this version. The page is written later: `campanile
 * site` puts it in the place of `PAGE`.
 */
export const installable = (): Plugin[] => [
  drawn(),
  ...VitePWA({
    filename: 'sw.js',
    injectRegister: null, // site/offline.ts: the page is none of vite's
    scope: './',
    manifest: {
      name: 'campanile',
      short_name: 'campanile',
      description: 'How diffusion models make pictures: figures that run in the browser',
      start_url: './',
      scope: './',
      display: 'minimal-ui',
      theme_color: colours.blue,
      background_color: colours.paper,
      icons: icons.map(({ name, size, whole }) => ({
        src: name,
        sizes: `${size}x${size}`,
        type: 'image/png',
        purpose: whole ? 'maskable' : 'any',
      })),
    },
    workbox: {
      globPatterns: ['**/*.{js,css,html,png}'],
      // Files in assets/ are named by their content.
      dontCacheBustURLsMatching: /^assets\//,
      navigateFallback: null,
      clientsClaim: true,
      skipWaiting: false,
      sourcemap: false,
      babelPresetEnvTargets: ['chrome >= 120'],
      cleanupOutdatedCaches: true,
      manifestTransforms: [
        async (found) => {
          const small = Object.keys(carriedFiles).filter((file) => !LARGE.test(file));
          const later = [
            ...small.map((url) => ({ url, revision: null })),
            { url: 'index.html', revision: 'PAGE' },
          ];
          return { manifest: [...found, ...later.map((entry) => ({ ...entry, size: 0 }))], warnings: [] };
        },
      ],
    },
  }),
];
