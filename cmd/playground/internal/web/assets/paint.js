// Images of numbers: orange above zero, blue below, as in the reports.

// Colours follow the theme; they are read again when it changes.
let colours;
const dark = matchMedia("(prefers-color-scheme: dark)");
const repaint = new Set();
dark.addEventListener("change", () => { colours = undefined; repaint.forEach((f) => f()); });

/** onTheme calls f whenever light turns dark or back. */
export function onTheme(f) { repaint.add(f); }

/** colour is a custom property of the page as [r, g, b]. */
export function colour(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

/** bytes decodes base64. */
export function bytes(text) { return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)); }

/** paint draws image k of a grid {height, width, values: Uint8Array}, where 128
 * is zero. With a low exponent small numbers show as well. Ink, 0 to 255, may lie
 * faintly under it. */
export function paint(canvas, grid, k = 0, exponent = 0.8, ink = null) {
  colours ??= { zero: colour("--zero"), plus: colour("--plus"), minus: colour("--minus"), ink: colour("--ink") };
  const { height, width } = grid;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const v = (grid.values[k * width * height + i] - 128) / 127;
    const far = v < 0 ? colours.minus : colours.plus;
    const share = Math.min(Math.abs(v), 1) ** exponent;
    for (let c = 0; c < 3; c++) {
      const under = colours.zero[c] + (ink ? (0.3 * ink[i]) / 255 : 0) * (colours.ink[c] - colours.zero[c]);
      image.data[4 * i + c] = under + share * (far[c] - under);
    }
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** paintInk draws grey values 0 to 255 as ink on paper. */
export function paintInk(canvas, values, side = 28) {
  const zero = colour("--paper"), ink = colour("--ink");
  if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
  const image = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = zero[c] + (values[i] / 255) * (ink[c] - zero[c]);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** blank empties a canvas. */
export function blank(canvas) { canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height); }
