/** A whole server in a process of its own: `{ stateDir, …ServerOptions }`. Says "url <address>". */
import { createServer } from '../../src/server/serve.ts';
import { closeOnSignals } from '../../src/server/signals.ts';
import { fakeServeOptions } from './fake-server.ts';

const options = JSON.parse(process.argv[2]!) as { stateDir: string };
const { url, close } = await createServer({ ...fakeServeOptions(options.stateDir), ...options });
console.log(`url ${url}`);
await closeOnSignals(close);
