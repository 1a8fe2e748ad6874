// Reads the official MNIST .gz files from the directory named by MNIST_DIR (used by onnxruntime/bench.js and tfjs/bench.js).
const fs = require('fs'), path = require('path'), zlib = require('zlib')

function read(name, header) {
  if (!process.env.MNIST_DIR) throw new Error('set MNIST_DIR to the directory of the four official MNIST .gz files')
  const raw = zlib.gunzipSync(fs.readFileSync(path.join(process.env.MNIST_DIR, name + '-ubyte.gz')))
  if (raw.readUInt32BE(0) !== (header === 16 ? 2051 : 2049)) throw new Error(name + ': not an IDX file of bytes')
  return raw.subarray(header)
}

// Images of 784 numbers in 0..1, one after the other, and their labels; part is train or t10k.
exports.load = part => ({
  images: Float32Array.from(read(part + '-images-idx3', 16), v => v / 255),
  labels: read(part + '-labels-idx1', 8),
})
