import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { type Backend, provide } from './backend.ts';
import { Broken } from './broken.tsx';
import { startLive } from './live.ts';
import { applyTheme } from './theme.ts';
import './style/index.css';

/** Shows the studio, with whoever computes for it. */
export function startStudio(backend: Backend): void {
  applyTheme();
  provide(backend);
  startLive();
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <Broken place="" what="studio">
        <App />
      </Broken>
    </StrictMode>,
  );
}
