import { httpBackend } from './http/backend.ts';
import { startStudio } from './start-studio.tsx';

startStudio(httpBackend());
