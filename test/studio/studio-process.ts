/** The studio's server in a process of its own, to be killed: `{ stateDir, port, stepMs }`. Says "url <address>". */
import { startStudio } from './server.ts';

const { url } = await startStudio(JSON.parse(process.argv[2]!));
console.log(`url ${url}`);
