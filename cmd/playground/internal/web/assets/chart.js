// A curve that grows, as SVG.
const space = "http://www.w3.org/2000/svg";
const margin = { left: 44, right: 12, top: 10, bottom: 24 };

export class Chart {
  #svg; #format; #range; #last = [];

  /** range gives [low, high] of the vertical axis for the numbers shown. */
  constructor(svg, range, format) {
    this.#svg = svg;
    this.#range = range;
    this.#format = format;
    new ResizeObserver(() => this.show(this.#last.points ?? [], this.#last.end ?? 1)).observe(svg);
  }

  /** show draws points [x, y] on an axis from 0 to end. */
  show(points, end) {
    this.#last = { points, end };
    const { width, height } = this.#svg.getBoundingClientRect();
    if (!width) return; // hidden
    const [low, high] = this.#range(points.map((p) => p[1]));
    const x = (v) => margin.left + (v / end) * (width - margin.left - margin.right);
    const y = (v) => height - margin.bottom - ((Math.min(Math.max(v, low), high) - low) / (high - low)) * (height - margin.top - margin.bottom);
    const parts = [];
    for (let i = 0; i <= 4; i++) {
      const v = low + ((high - low) * i) / 4;
      parts.push(node("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(v), y2: y(v) }));
      parts.push(node("text", { x: margin.left - 8, y: y(v) + 4, "text-anchor": "end" }, this.#format(v)));
    }
    for (let i = 0; i <= 3; i++) {
      const v = (end * i) / 3;
      parts.push(node("text", { x: x(v), y: height - 6, "text-anchor": i === 3 ? "end" : i ? "middle" : "start" }, i ? `${Math.round(v / 1000)}k` : "0 images"));
    }
    if (points.length > 1) {
      const line = points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
      const [last] = points.slice(-1);
      parts.push(node("polygon", { class: "area", points: `${x(points[0][0])},${y(low)} ${line} ${x(last[0])},${y(low)}` }));
      parts.push(node("polyline", { class: "line", points: line, "data-points": points.length }));
      parts.push(node("circle", { class: "dot", cx: x(last[0]), cy: y(last[1]), r: 4.5 }));
    }
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(...parts);
  }
}

function node(name, attributes, text) {
  const n = document.createElementNS(space, name);
  for (const [k, v] of Object.entries(attributes)) n.setAttribute(k, v);
  if (text !== undefined) n.textContent = text;
  return n;
}
