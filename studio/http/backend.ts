import type {
  ExperimentInfo,
  ImportedRecipe,
  Job,
  JobEvent,
  ModelDescription,
  NamedPicture,
  StreamEvent,
  Upload,
} from '../../src/server/api-types.ts';
import type { Backend, JobPage } from '../backend.ts';
import { listen } from './events.ts';
import { form, get, queryString, request, send } from './request.ts';
import { root } from './root.ts';
import { sseFrames } from './sse.ts';

/** `campanile serve`, by its routes as docs/server.md has them. */
export const httpBackend = (): Backend => ({
  place: `The server at ${location.host}`,
  address: location.origin + root,

  async catalogue() {
    const [{ experiments }, { models }, { pictures }] = await Promise.all([
      get<{ experiments: readonly ExperimentInfo[] }>('/v1/experiments'),
      get<{ models: readonly ModelDescription[] }>('/v1/models'),
      get<{ pictures: readonly NamedPicture[] }>('/v1/pictures'),
    ]);
    return { experiments, models, pictures };
  },

  async submit(body) {
    const response = await send('POST', '/v1/jobs', body);
    return { job: (await response.json()) as Job, known: response.status === 200 };
  },
  job: (id, signal) => get<Job>(`/v1/jobs/${id}`, signal),
  jobs: (query = {}, signal) => get<JobPage>(`/v1/jobs?${queryString({ limit: 50, ...query })}`, signal),
  cancel: async (id) => (await (await send('POST', `/v1/jobs/${id}/cancel`)).json()) as Job,

  mark: async (id, marks) => (await (await send('PATCH', `/v1/jobs/${id}`, marks)).json()) as Job,
  remove: async (id) => void (await send('DELETE', `/v1/jobs/${id}`)),

  listen,
  async *told(id, signal) {
    const response = await request(`/v1/jobs/${id}/events?since=0`, {
      signal,
      headers: { accept: 'text/event-stream' },
    });
    for await (const frame of sseFrames(response)) {
      const event = JSON.parse(frame) as JobEvent | StreamEvent;
      if ('job' in event) yield event;
    }
  },

  async keep(picture) {
    const response = await request('/v1/uploads', { method: 'POST', body: form(picture) });
    const { uploads } = (await response.json()) as { uploads: readonly Upload[] };
    if (!uploads[0]) throw new Error('The server kept no picture.');
    return uploads[0];
  },
  recipeIn: async (png) =>
    (await (
      await request('/v1/recipes/import', { method: 'POST', body: form(png) })
    ).json()) as ImportedRecipe,
  calledAs: async (sha256) => (await get<Upload>(`/v1/uploads/${sha256}`)).name,
  objectUrl: (sha256) => `${root}/v1/objects/${sha256}`,
});
