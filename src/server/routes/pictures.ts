import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { namedPictureSchema } from '../../jobs/schemas.ts';
import type { ImportedRecipe, Upload } from '../api-types.ts';
import { acceptedRecipe, infoOf, type ServerContext } from '../context.ts';
import { plainName } from '../file-names.ts';
import { type FormFile, readForm } from '../multipart.ts';
import { RefusedError } from '../problem.ts';
import { importedRecipeSchema, problems, uploadSchema } from '../schemas.ts';
import { recipeInside, storeUpload } from '../uploads.ts';

const form = { consumes: ['multipart/form-data'] };

export const pictureRoutes =
  (context: ServerContext): FastifyPluginAsyncZod =>
  async (app) => {
    const { store, limits } = context;

    app.get(
      '/v1/pictures',
      {
        schema: {
          summary: 'The built-in pictures and masks',
          tags: ['pictures'],
          response: { 200: z.object({ pictures: z.array(namedPictureSchema) }), ...problems },
        },
      },
      async () => ({ pictures: [...infoOf(context).pictures] }),
    );

    app.post(
      '/v1/uploads',
      {
        schema: {
          ...form,
          summary: 'Upload pictures: one to four parts named "file"',
          tags: ['pictures'],
          response: { 201: z.object({ uploads: z.array(uploadSchema) }), ...problems },
        },
      },
      async (request, reply) => {
        const files = await filesOf(request);
        const uploads: Upload[] = [];
        for (const { bytes, name } of files) uploads.push(await storeUpload(bytes, store, plainName(name)));
        return reply.code(201).send({ uploads });
      },
    );

    app.post(
      '/v1/recipes/import',
      {
        schema: {
          ...form,
          summary: 'The recipe inside a PNG that campanile made; nothing is run',
          tags: ['pictures'],
          response: {
            200: importedRecipeSchema,
            ...problems,
          },
        },
      },
      async (request): Promise<ImportedRecipe> => {
        const [file] = await filesOf(request);
        const recipe = recipeInside(file!.bytes);
        if (!recipe) {
          throw new RefusedError(422, 'no-recipe', 'there is no recipe of campanile in this file', {
            hint: 'take the PNG as it was downloaded: other programs drop the recipe when they save a picture',
          });
        }
        return { recipe, problems: await problemsOf(context, recipe) };
      },
    );

    async function filesOf(request: Parameters<typeof readForm>[0]): Promise<readonly FormFile[]> {
      const { files } = await readForm(request, limits);
      const found = files.get('file');
      if (found?.length) return found;
      throw new RefusedError(400, 'file', 'expected a part named "file"', {
        hint: 'curl -F file=@picture.png …',
      });
    }
  };

async function problemsOf(
  context: ServerContext,
  recipe: ImportedRecipe['recipe'],
): Promise<ImportedRecipe['problems']> {
  try {
    await acceptedRecipe(context, recipe);
    return [];
  } catch (error) {
    if (error instanceof RefusedError && error.errors) return error.errors;
    throw error;
  }
}
