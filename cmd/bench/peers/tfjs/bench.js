// TensorFlow.js on its WebAssembly backend (SIMD; in Node it has one thread). Run:
//   npm install --ignore-scripts @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0; node bench.js MODEL [BATCH]
// with MNIST_DIR set. MODEL: M, C1, C2. Prints one JSON line; medians of nine 0.4 s parts after 20 warm-up calls. Prediction:
// of the 10,000 test images one batch after the other, and of their first batch again and again; to classes. Training, of
// batches of 64: shuffled images, softmax cross-entropy, plain SGD.
const path = require('path')
const tf = require('@tensorflow/tfjs')
const wasm = require('@tensorflow/tfjs-backend-wasm')
const { load } = require('../mnist_idx.js')
const { rate, batches } = require('../timing.js')

// A network: its variables, and its logits of images (batch, 28, 28, 1).
function network(model) {
  const weights = []
  const variable = (fanIn, ...shape) => {
    const limit = Math.sqrt(1 / fanIn)
    const v = tf.variable(tf.randomUniform(shape, -limit, limit, 'float32', weights.length + 1))
    weights.push(v)
    return v
  }
  const conv = (size, from, to, activation) => {
    const filter = variable(size * size * from, size, size, from, to), bias = variable(size * size * from, to)
    return x => tf.maxPool(tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'valid', activation }), 2, 2, 'valid')
  }
  const dense = (from, to, activation) => {
    const b = variable(from, from, to), bias = variable(from, to)
    return a => tf.fused.matMul({ a: tf.reshape(a, [a.shape[0], from]), b, bias, activation })
  }
  const layers = {
    M: () => [dense(784, 128, 'relu'), dense(128, 10, 'linear')],
    C1: () => [conv(5, 1, 10, 'sigmoid'), dense(1440, 128, 'sigmoid'), dense(128, 10, 'linear')],
    C2: () => [conv(3, 1, 32, 'relu'), conv(3, 32, 64, 'relu'), dense(1600, 128, 'relu'), dense(128, 10, 'linear')],
  }[model]()
  return { weights, logits: x => layers.reduce((y, layer) => layer(y), x) }
}

// One step of training; the loss.
function trainer(net, batch) {
  const { images, labels } = load('train')
  const order = Int32Array.from(labels, (_, i) => i)
  tf.util.shuffle(order)
  const x = new Float32Array(batch * 784), y = new Int32Array(batch)
  let at = 0
  return () => {
    if (at + batch > order.length) at = 0
    for (let i = 0; i < batch; i++) {
      const k = order[at + i]
      x.set(images.subarray(k * 784, k * 784 + 784), i * 784)
      y[i] = labels[k]
    }
    at += batch
    return tf.tidy(() => {
      const input = tf.tensor(x, [batch, 28, 28, 1]), target = tf.oneHot(tf.tensor1d(y, 'int32'), 10, 1, 0, 'float32')
      const { value, grads } = tf.variableGrads(() => tf.mul(tf.sum(tf.mul(tf.logSoftmax(net.logits(input)), target)), -1 / batch), net.weights)
      for (const w of net.weights) w.assign(tf.sub(w, tf.mul(grads[w.name], 0.05)))
      return value.dataSync()[0]
    })
  }
}

async function main(model, batch) {
  wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep)
  if (!await tf.setBackend('wasm')) throw new Error('no WebAssembly backend')
  const line = { peer: 'tfjs', version: tf.version.tfjs, model, threads: 1, batch }
  const net = network(model)
  if (batch === 64) {
    try {
      const step = trainer(net, batch)
      const trained = await rate(batch, step)
      line.train_images_per_s = trained.median
      line.train_spread_pct = trained.spread
    } catch (e) {
      line.train_error = e.message.split('\n')[0]
    }
  }
  const { images } = load('t10k')
  const predict = data => tf.tidy(() => tf.argMax(net.logits(tf.tensor(data, [batch, 28, 28, 1])), 1).dataSync())
  const next = batches(images, batch), first = images.subarray(0, batch * 784)
  const stream = await rate(batch, () => predict(next())), again = await rate(batch, () => predict(first))
  line.infer_images_per_s = stream.median
  line.infer_spread_pct = stream.spread
  line.infer_same_batch_images_per_s = again.median
  console.log(JSON.stringify(line))
}
main(process.argv[2], +(process.argv[3] || 64))
