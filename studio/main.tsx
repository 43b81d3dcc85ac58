import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { provide } from './backend.ts';
import { httpBackend } from './http/backend.ts';
import { startLive } from './live.ts';
import { applyTheme } from './theme.ts';
import './style/index.css';

applyTheme();
provide(httpBackend());
startLive();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
