// How often something asynchronous can be done in a second (used by onnxruntime/bench.js and tfjs/bench.js).

// The median of so many parts, in units a second, units being what one step does, and the width of all parts in per cent of it.
exports.rate = async (units, step, parts = 9, seconds = 0.4) => {
  const rates = []
  for (let i = 0; i < 20; i++) await step()
  for (let part = 0; part < parts; part++) {
    const begin = process.hrtime.bigint()
    let n = 0, passed = 0
    do { await step(); n++; passed = Number(process.hrtime.bigint() - begin) / 1e9 } while (passed < seconds)
    rates.push(n * units / passed)
  }
  rates.sort((a, b) => a - b)
  const median = rates[(parts - 1) / 2]
  return { median: Math.round(median), spread: +(100 * (rates[parts - 1] - rates[0]) / median).toFixed(1) }
}

// The batches of a stream of images, one after the other, and again from the first.
exports.batches = (images, batch) => {
  let at = 0
  return () => {
    if ((at + batch) * 784 > images.length) at = 0
    const x = images.subarray(at * 784, (at + batch) * 784)
    at += batch
    return x
  }
}
