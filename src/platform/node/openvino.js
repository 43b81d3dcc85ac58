// OpenVINO behind the face of ONNX Runtime: it reads the same graphs and the same files of weights, and computes in bfloat16
// where the processor can.

import { copyFileSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Tensor } from 'onnxruntime-common';
import { outputNames } from './onnx-outputs.js';
import { openvinoInterface } from './openvino-interface.js';

/** @import { SessionOptions } from '../engine.ts' */
/** @typedef {Pick<SessionOptions, "folder" | "files" | "precision"> & { readonly threads: number }} OpenvinoOptions */
/** @typedef {Record<string, Tensor>} Tensors */

/** Numbers of OpenVINO's element types (ov_element_type_e). @type {Record<string, number>} */
const elementTypes = { float32: 4, int64: 10 };

/**
 * OpenVINO, with as much of ONNX Runtime's face as an engine's thread uses.
 *
 * @throws {Error} when its library or koffi, which calls it, is not installed
 */
export async function openvinoRuntime() {
  const openvino = await openvinoInterface();
  const core = openvino.createCore();
  return {
    env: {},
    Tensor,
    InferenceSession: {
      /** @param {Uint8Array} graph @param {{ readonly extra: { readonly openvino: OpenvinoOptions } }} options */
      create: async (graph, { extra }) => openSession(openvino, core, graph, extra.openvino),
    },
  };
}

/**
 * One graph. OpenVINO is quickest for sizes that it knows, so it is compiled anew for each set of sizes that comes, and remembers
 * those it has seen.
 *
 * @param {Awaited<ReturnType<typeof openvinoInterface>>} openvino
 * @param {unknown} core
 * @param {Uint8Array} graph
 * @param {OpenvinoOptions} options
 */
function openSession(openvino, core, graph, options) {
  const model = readModel(openvino, core, graph, options);
  const outputs = outputNames(graph);
  const properties = {
    INFERENCE_PRECISION_HINT: options.precision === 'half' ? 'bf16' : 'f32',
    INFERENCE_NUM_THREADS: String(options.threads),
    NUM_STREAMS: '1',
  };
  /** @type {Map<string, { compiled: unknown, request: unknown }>} */
  const compiledFor = new Map();

  /** @param {Tensors} feeds */
  const requestFor = (feeds) => {
    const sizes = JSON.stringify(Object.values(feeds).map(({ dims }) => dims));
    let known = compiledFor.get(sizes);
    if (!known) {
      openvino.reshape(model, feeds);
      const compiled = openvino.compile(core, model, properties);
      known = { compiled, request: openvino.createRequest(compiled) };
      compiledFor.set(sizes, known);
    }
    return known.request;
  };

  return {
    /** @param {Tensors} feeds @returns {Promise<Tensors>} */
    async run(feeds) {
      const request = requestFor(feeds);
      for (const [name, { type, dims, data }] of Object.entries(feeds)) {
        const tensor = openvino.tensorAround(elementTypes[type], dims, data);
        openvino.setTensor(request, name, tensor);
        openvino.freeTensor(tensor);
      }
      openvino.infer(request);
      return Object.fromEntries(
        outputs.map((name) => {
          const { numbers, dims } = openvino.numbersOf(request, name);
          return [name, new Tensor('float32', numbers, dims)];
        }),
      );
    },
    async release() {
      for (const { compiled, request } of compiledFor.values()) {
        openvino.freeRequest(request);
        openvino.freeCompiled(compiled);
      }
      openvino.freeModel(model);
    },
  };
}

/**
 * OpenVINO takes a graph as a file, and its weights only from the graph's own folder and no links out of it. Theirs may not
 * be written in: both meet in a folder of their own, where the weights are second names of their files, or copies on another disk.
 *
 * @param {Awaited<ReturnType<typeof openvinoInterface>>} openvino
 * @param {unknown} core
 * @param {Uint8Array} graph
 * @param {OpenvinoOptions} options
 */
function readModel(openvino, core, graph, { folder, files = [] }) {
  const meeting = mkdtempSync(join(tmpdir(), 'campanile-openvino-'));
  try {
    for (const file of files) {
      const place = join(meeting, relative(folder, file));
      mkdirSync(dirname(place), { recursive: true });
      try {
        linkSync(realpathSync(file), place);
      } catch {
        copyFileSync(file, place);
      }
    }
    const path = join(meeting, 'graph.onnx');
    writeFileSync(path, graph);
    return openvino.readModel(core, path, null);
  } finally {
    rmSync(meeting, { recursive: true, force: true });
  }
}
