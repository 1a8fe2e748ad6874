// Runs a network in onnxruntime: node run.js MODEL IMAGES LOGITS BATCH...
// IMAGES holds float32 numbers; the images go in batches of the sizes given, the
// last size until none is left. LOGITS gets the answers.
const fs = require("fs");
const ort = require("onnxruntime-node");
(async () => {
  const [model, images, logits, shape, ...batches] = process.argv.slice(2);
  const dims = shape.split(",").map(Number);
  const size = dims.reduce((a, b) => a * b, 1);
  const file = fs.readFileSync(images);
  const all = new Float32Array(file.buffer, file.byteOffset, file.length / 4);
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
  const out = [];
  for (let at = 0, i = 0; at < all.length; i++) {
    const n = Math.min(+batches[Math.min(i, batches.length - 1)], (all.length - at) / size);
    const answer = await session.run({ input: new ort.Tensor("float32", all.slice(at, at + n * size), [n, ...dims]) });
    if (answer.logits.dims.join() !== `${n},10`) throw new Error(`logits of shape ${answer.logits.dims}`);
    out.push(Buffer.from(answer.logits.data.buffer, answer.logits.data.byteOffset, answer.logits.data.byteLength));
    at += n * size;
  }
  fs.writeFileSync(logits, Buffer.concat(out));
})().catch((e) => { console.error(e.message); process.exit(1); });
