import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @import { Tensor } from 'onnxruntime-common' */

const missing = (/** @type {string} */ what, /** @type {unknown} */ cause) =>
  new Error(`${what} is not installed`, { cause });

/** The package that calls libraries in C; not one that campanile brings. */
async function importKoffi() {
  try {
    const name = 'koffi';
    return (await import(name)).default;
  } catch (cause) {
    throw missing('the npm package koffi', cause);
  }
}

/** Folders in which OpenVINO's libraries may lie, the one that was named first. */
function* folders() {
  const named = process.env['CAMPANILE_OPENVINO'];
  if (named) yield named;
  const toolkit = process.env['INTEL_OPENVINO_DIR'];
  if (toolkit) yield join(toolkit, 'runtime', 'lib', 'intel64');
  try {
    const ask = 'import os, openvino; print(os.path.dirname(openvino.__file__))';
    const python = execFileSync('python3', ['-c', ask], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    yield join(python.trim(), 'libs');
  } catch {}
}

/** @returns {string} the library with OpenVINO's interface in C */
function findLibrary() {
  for (const folder of folders()) {
    const file =
      existsSync(folder) &&
      readdirSync(folder).find((name) => /^(lib)?openvino_c\.(so|dll|.*dylib)/.test(name));
    if (file) return join(folder, file);
  }
  throw missing('OpenVINO', undefined);
}

/** What it says of itself, without the places in its source that stand before it. @param {string} said */
const reason = (said) =>
  said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !/^(Exception from|Check )/.test(line))
    .join(' ');

/** Functions of the library as ones that throw. @param {any} library */
function callsOf(library) {
  const lastMessage = library.func('const char *ov_get_last_err_msg()');
  /** A function that answers 0, or a status and leaves a message. @param {string} signature */
  const checked = (signature) => {
    const call = library.func(`int ${signature}`);
    return (/** @type {unknown[]} */ ...values) => {
      if (call(...values) !== 0) throw new Error(reason(lastMessage() ?? '') || 'OpenVINO gives no reason');
    };
  };
  /** One whose last argument says where its result goes. @param {string} signature */
  const giving = (signature) => {
    const call = checked(signature);
    return (/** @type {unknown[]} */ ...values) => {
      const result = [null];
      call(...values, result);
      return /** @type {unknown} */ (result[0]);
    };
  };
  return { checked, giving };
}

/**
 * OpenVINO's interface in C: the few functions that run a graph. Models, requests and tensors are addresses.
 *
 * @see https://docs.openvino.ai/2026/api/c_cpp_api/group__ov__c__api.html
 * @throws {Error} when it is not installed
 */
export async function openvinoInterface() {
  const koffi = await importKoffi();
  const library = koffi.load(findLibrary());
  koffi.struct('ov_shape_t', { rank: 'int64_t', dims: 'int64_t *' });
  koffi.struct('ov_dimension_t', { min: 'int64_t', max: 'int64_t' });
  koffi.struct('ov_partial_shape_t', { rank: 'ov_dimension_t', dims: 'ov_dimension_t *' });
  const { checked, giving } = callsOf(library);

  const compileModel = checked(
    'ov_core_compile_model(void *core, void *model, const char *device, size_t count, _Out_ void **compiled, ...)',
  );
  const reshapeModel = checked(
    'ov_model_reshape(void *model, const char **names, ov_partial_shape_t *shapes, size_t count)',
  );
  const createTensor = giving(
    'ov_tensor_create_from_host_ptr(int type, ov_shape_t shape, void *numbers, _Out_ void **tensor)',
  );
  const getTensor = giving(
    'ov_infer_request_get_tensor(void *request, const char *name, _Out_ void **tensor)',
  );
  const getShape = checked('ov_tensor_get_shape(void *tensor, _Out_ ov_shape_t *shape)');
  const getData = giving('ov_tensor_data(void *tensor, _Out_ void **numbers)');
  const freeShape = library.func('int ov_shape_free(ov_shape_t *shape)');
  const freeTensor = library.func('void ov_tensor_free(void *tensor)');

  return {
    createCore: giving('ov_core_create(_Out_ void **core)'),
    readModel: giving(
      'ov_core_read_model(void *core, const char *file, const char *weights, _Out_ void **model)',
    ),
    /** Settles the sizes of all inputs. @param {unknown} model @param {Record<string, Tensor>} feeds */
    reshape(model, feeds) {
      const fixed = (/** @type {number} */ size) => ({ min: size, max: size });
      const shapes = Object.values(feeds).map(({ dims }) => ({
        rank: fixed(dims.length),
        dims: dims.map(fixed),
      }));
      reshapeModel(model, Object.keys(feeds), shapes, shapes.length);
    },
    /** @param {unknown} core @param {unknown} model @param {Record<string, string>} properties */
    compile(core, model, properties) {
      const words = Object.entries(properties).flat();
      const compiled = [null];
      compileModel(
        core,
        model,
        'CPU',
        words.length,
        compiled,
        ...words.flatMap((word) => ['const char *', word]),
      );
      return /** @type {unknown} */ (compiled[0]);
    },
    createRequest: giving('ov_compiled_model_create_infer_request(void *compiled, _Out_ void **request)'),
    /** A tensor over numbers that stay where they are. @param {number | undefined} type @param {readonly number[]} dims @param {unknown} data */
    tensorAround: (type, dims, data) => createTensor(type, { rank: dims.length, dims }, data),
    setTensor: checked('ov_infer_request_set_tensor(void *request, const char *name, void *tensor)'),
    infer: checked('ov_infer_request_infer(void *request)'),
    /** A copy of what an output holds. @param {unknown} request @param {string} name */
    numbersOf(request, name) {
      const tensor = getTensor(request, name);
      const shape = /** @type {{ rank: number, dims: unknown }} */ ({});
      getShape(tensor, shape);
      const dims = [...koffi.decode(shape.dims, 'int64_t', Number(shape.rank))].map(Number);
      const count = dims.reduce((a, b) => a * b, 1);
      const numbers = /** @type {Float32Array} */ (koffi.decode(getData(tensor), 'float', count));
      freeShape(shape);
      freeTensor(tensor);
      return { numbers, dims };
    },
    freeTensor,
    freeRequest: library.func('void ov_infer_request_free(void *request)'),
    freeCompiled: library.func('void ov_compiled_model_free(void *compiled)'),
    freeModel: library.func('void ov_model_free(void *model)'),
  };
}
