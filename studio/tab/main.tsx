import { sayFetching } from '../../site/fetching.ts';
import { keepForOffline } from '../../site/offline.ts';
import { startStudio } from '../start-studio.tsx';
import { tabBackend } from './backend.ts';
import './fetching.css';

startStudio(tabBackend());
keepForOffline('../');

const said = document.body.appendChild(document.createElement('p'));
said.className = 'fetching';
said.role = 'status';
let gone: ReturnType<typeof setTimeout>;
sayFetching((text) => {
  said.textContent = text;
  clearTimeout(gone);
  gone = setTimeout(() => said.replaceChildren(), 3000);
});
