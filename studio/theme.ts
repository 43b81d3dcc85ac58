import { rememberedStore } from './store.ts';

export type Theme = 'auto' | 'light' | 'dark';
export const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** `auto` follows the system. */
export const theme = rememberedStore<Theme>('campanile.theme', 'auto');

export function applyTheme(): void {
  const show = () => {
    if (theme.get() === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.get();
  };
  show();
  theme.subscribe(show);
}

export const prefersStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
