import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLive } from './live.ts';
import { applyTheme } from './theme.ts';
import './style/index.css';

applyTheme();
startLive();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
