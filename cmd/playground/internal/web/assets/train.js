// The tab that trains: controls, curve, filters and test digits.
import { Chart } from "./chart.js";
import { bytes, onTheme, paint, paintInk } from "./paint.js";

const $ = (id) => document.getElementById(id);
// The axis of the curves grows with them.
const ends = [3000, 6000, 12000, 30000, 60000, 120000, 180000];
const words = {
  idle: () => "5,994 weights, nothing learned yet.",
  loading: () => "Unpacking MNIST…",
  running: (s) => `Epoch ${s.epoch} of ${s.epochs}`,
  paused: (s) => `Paused in epoch ${s.epoch} of ${s.epochs}, for ${s.minutes} minutes at most`,
  ended: (s) => `Ended: it was paused for more than ${s.minutes} minutes.`,
  done: (s) => `Done: ${s.epochs} epochs.`,
  failed: (s) => s.error,
};

export class Training {
  #state = { phase: "idle" }; #events = null; #tell; #silent; #charts;

  /** tell shows an error; silent hears of a server that does not answer. */
  constructor(tell, silent) {
    this.#tell = tell;
    this.#silent = silent;
    this.#charts = [
      new Chart($("chart-loss"), [0.03, 0.1, 0.3, 1, 3], String, Math.log),
      new Chart($("chart-accuracy"), [0, 0.25, 0.5, 0.75, 1], (v) => `${100 * v} %`),
    ];
    $("go").addEventListener("click", () => this.#go());
    $("reset").addEventListener("click", () => this.#post("reset"));
    onTheme(() => this.#show(this.#state, true));
  }

  /** watch opens the stream of events, or closes it. */
  watch(on) {
    if (!on) { this.#events?.close(); this.#events = null; return; }
    if (this.#events) return;
    const events = this.#events = new EventSource("api/train/events");
    events.onopen = () => this.#tell("");
    events.onmessage = (e) => this.#show(JSON.parse(e.data));
    events.onerror = () => events.readyState === EventSource.CLOSED ? this.#refused(events) : this.#silent();
  }

  /** refused tells why there are no events, which an EventSource cannot, and tries again. */
  async #refused(events) {
    const asking = new AbortController();
    try {
      const answer = await fetch(events.url, { signal: asking.signal });
      this.#tell(answer.ok ? "" : await answer.text());
      asking.abort();
    } catch { this.#silent(); }
    setTimeout(() => { if (this.#events === events) { this.#events = null; this.watch(true); } }, 5000);
  }

  /** lost says that the figures are from before, while the server does not answer. */
  lost(yes) {
    this.#show(this.#state);
    for (const id of ["go", "reset", "rate"]) $(id).disabled ||= yes;
    if (!yes) { $("reset").disabled = false; return; }
    Object.assign($("phase"), { className: "bad", textContent: "No connection: all below is from before." });
  }

  #go() {
    if (this.#state.phase === "running") return this.#post("pause");
    return this.#post("start", { rate: Number($("rate").value) });
  }

  async #post(what, body) {
    try {
      const answer = await fetch(`api/train/${what}`, { method: "POST", body: body && JSON.stringify(body) });
      this.#tell(answer.ok ? "" : await answer.text());
    } catch {
      this.#silent();
    }
  }

  #show(s, anew = false) {
    const before = this.#state;
    this.#state = s;
    const busy = s.phase === "running" || s.phase === "loading";
    $("go").textContent = busy ? "Pause" : s.phase === "paused" ? "Go on" : s.phase === "idle" ? "Start" : "Again";
    $("go").disabled = s.phase === "loading";
    $("rate").disabled = busy || s.phase === "paused";
    $("phase").textContent = words[s.phase](s);
    $("phase").className = s.phase === "failed" ? "bad" : "";
    if (s.places) $("places").textContent = s.places;
    $("done").style.width = `${s.steps ? (100 * s.step) / s.steps : 0}%`;
    const curve = s.curve ?? [], last = curve.at(-1);
    $("f-images").textContent = (s.images ?? 0).toLocaleString("en");
    $("f-loss").textContent = last ? last.loss.toFixed(3) : "–";
    $("f-accuracy").textContent = last ? `${(100 * last.accuracy).toFixed(1)} %` : "–";
    $("f-speed").textContent = s.phase === "running" && s.images_per_second ? Math.round(s.images_per_second).toLocaleString("en") : "–";
    const end = ends.find((e) => e >= 1.02 * (s.images ?? 0)) ?? ends.at(-1);
    this.#charts[0].show(curve.map((p) => [p.images, p.loss]), end);
    this.#charts[1].show(curve.map((p) => [p.images, p.accuracy]), end);
    this.#filters(s.filters);
    if (anew || before.curve?.length !== curve.length || !s.samples) this.#samples(s.samples ?? []);
  }

  #filters(f) {
    const grid = f ? { height: f.side, width: f.side, values: bytes(f.values) } : { height: 5, width: 5, values: new Uint8Array(200).fill(128) };
    const canvases = fill($("filters"), f ? f.count : 8, () => document.createElement("canvas"));
    canvases.forEach((c, k) => paint(c, grid, k, 1));
  }

  #samples(all) {
    const boxes = fill($("samples"), all.length || 30, () => {
      const box = document.createElement("div");
      box.append(Object.assign(document.createElement("canvas"), { width: 28, height: 28 }), document.createElement("span"));
      return box;
    });
    boxes.forEach((box, i) => {
      const s = all[i];
      paintInk(box.firstChild, s ? bytes(s.pixels) : new Uint8Array(784));
      box.lastChild.textContent = s ? s.answer : "·";
      box.className = s && s.answer !== s.label ? "wrong" : "";
    });
  }
}

/** fill makes a parent have exactly so many children. */
function fill(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make());
  return [...parent.children];
}
