// A curve that grows, as SVG, on an axis that is linear or logarithmic.
const space = "http://www.w3.org/2000/svg";
const margin = { left: 44, right: 12, top: 10, bottom: 24 };

export class Chart {
  #svg; #format; #ticks; #scale; #last = [];

  /** ticks are the values with a line, from the lowest to the highest; scale is
   * what makes their distances equal, Math.log say. */
  constructor(svg, ticks, format, scale = (v) => v) {
    this.#svg = svg;
    this.#ticks = ticks;
    this.#format = format;
    this.#scale = scale;
    new ResizeObserver(() => this.show(this.#last.points ?? [], this.#last.end ?? 1)).observe(svg);
  }

  /** show draws points [x, y] on an axis from 0 to end. */
  show(points, end) {
    this.#last = { points, end };
    const { width, height } = this.#svg.getBoundingClientRect();
    if (!width) return; // hidden
    const low = this.#scale(this.#ticks[0]), high = this.#scale(this.#ticks.at(-1));
    const x = (v) => margin.left + (v / end) * (width - margin.left - margin.right);
    const share = (v) => (Math.min(Math.max(this.#scale(v), low), high) - low) / (high - low);
    const y = (v) => height - margin.bottom - share(v) * (height - margin.top - margin.bottom);
    const parts = [];
    for (const v of this.#ticks) {
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
      parts.push(node("polygon", { class: "area", points: `${x(points[0][0])},${y(this.#ticks[0])} ${line} ${x(last[0])},${y(this.#ticks[0])}` }));
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
