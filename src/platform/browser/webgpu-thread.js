import * as ort from 'onnxruntime-web/webgpu';
import { connect } from './connect.js';

connect(ort);
