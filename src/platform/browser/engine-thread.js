import * as ort from 'onnxruntime-web/wasm';
import { connect } from './connect.js';

connect(ort);
