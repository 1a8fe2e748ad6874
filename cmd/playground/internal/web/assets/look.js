// What the network makes of the sheet: answer, probabilities, saliency, maps.
import { blank, bytes, onTheme, paint, paintInk } from "./paint.js";

const $ = (id) => document.getElementById(id);

const noDigit = 10; // the class of what is none, where the network knows it
const named = (c) => c === noDigit ? "no digit" : String(c);

export class Look {
  #bars = []; #maps = []; #built = ""; #last = null;

  /** choose is called with a digit, or null for the answer's own. */
  constructor(choose) {
    for (let digit = 0; digit <= noDigit; digit++) {
      const button = document.createElement("button");
      button.innerHTML = `<span></span><span class="track"><i class="fill"></i></span><span class="share"></span>`;
      button.firstChild.textContent = digit === noDigit ? "none" : digit;
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => choose(digit));
      const item = document.createElement("li");
      item.append(button);
      $("bars").append(item);
      this.#bars.push(button);
    }
    onTheme(() => this.#last && this.show(this.#last));
    this.clear();
  }

  clear(text = "") {
    this.#last = null;
    $("answer").textContent = "–";
    $("short").textContent = "";
    $("answer").className = "none";
    $("sure").textContent = text || "Waiting for a digit.";
    this.#bars.forEach((b) => this.#bar(b, 0, false, false));
    this.#bars.forEach((b) => { b.querySelector(".share").textContent = ""; });
    $("saliency-text").textContent = "";
    [$("input"), $("saliency"), ...this.#maps.flat()].forEach(blank);
  }

  show(look) {
    this.#last = look;
    const text = look.digits ? look.digits.join(" ") : look.answer === noDigit ? "" : String(look.answer);
    $("answer").textContent = text || "–";
    $("short").textContent = text || "no digit";
    $("answer").className = look.digits ? `many ${look.digits.length > 3 ? "long" : ""}` : text ? "" : "none";
    $("sure").textContent = look.digits ? "Several digits, read one by one." : says(look);
    this.#bars.forEach((b, digit) => {
      b.parentElement.hidden = digit >= look.probabilities.length;
      this.#bar(b, look.probabilities[digit] ?? 0, digit === look.answer, digit === look.chosen);
    });
    const input = inkOf(look);
    paintInk($("input"), input);
    paint($("saliency"), unpacked(look.saliency), 0, 0.8, input);
    $("saliency-text").textContent = `what ${look.chosen === look.answer ? "speaks" : "would speak"} for ${named(look.chosen)}`;
    this.#build(look);
    look.layers.forEach((layer, i) => {
      const grid = unpacked(layer.maps);
      this.#maps[i].forEach((canvas, k) => paint(canvas, grid, k));
    });
  }

  #bar(button, share, best, chosen) {
    button.classList.toggle("best", best);
    button.setAttribute("aria-pressed", String(chosen));
    button.querySelector(".fill").style.width = `${100 * share}%`;
    button.querySelector(".share").textContent = share > 0.9999 ? ">99.99 %" : share < 0.0001 ? "<0.01 %" : `${(100 * share).toFixed(2)} %`;
  }

  /** build lays out the canvases, once for a network. */
  #build(look) {
    const key = look.layers.map((l) => l.name + l.maps.count).join();
    if (key === this.#built) return;
    this.#built = key;
    this.#maps = [];
    $("layers").replaceChildren();
    if (!look.layers.length) $("layers").textContent = "This network has no layers that make maps.";
    let stage;
    for (const layer of look.layers) {
      if (!stage || layer.kind === "conv") {
        stage = document.createElement("div");
        stage.className = "card pad stage";
        $("layers").append(stage);
      }
      const { count, height, width } = layer.maps;
      const box = document.createElement("div");
      box.className = "layer";
      const title = document.createElement("h2");
      const size = document.createElement("span");
      title.textContent = { conv: "Convolution", relu: "Activation, ReLU", "leaky-relu": "Activation, leaky ReLU", sigmoid: "Activation, sigmoid", tanh: "Activation, tanh", pool: "Pooling", dropout: "Dropout, idle" }[layer.kind] ?? layer.name;
      size.textContent = `${layer.text} · ${count} maps of ${width}×${height}`;
      title.append(size);
      const maps = document.createElement("div");
      maps.className = `maps ${{ 8: "eight", 16: "sixteen", 32: "sixteen", 64: "sixteen" }[count] ?? ""}`;
      const canvases = Array.from({ length: count }, (_, k) => {
        const c = Object.assign(document.createElement("canvas"), { width, height });
        c.setAttribute("role", "img");
        c.setAttribute("aria-label", `${layer.name}, map ${k + 1}`);
        return c;
      });
      maps.append(...canvases);
      box.append(title, maps);
      stage.append(box);
      this.#maps.push(canvases);
    }
  }
}

/** inkOf is what the network got, as grey values 0 to 255. */
export function inkOf(look) { return bytes(look.input.values).map((v) => Math.max(v - 128, 0) * 2); }

function says(look) {
  const order = look.probabilities.map((p, digit) => [p, digit]).sort((a, b) => b[0] - a[0]);
  const [sure] = order[0];
  if (sure <= 0.7) return `not sure: perhaps ${named(order[0][1])} or ${named(order[1][1])}`;
  if (look.answer === noDigit) return sure > 0.95 ? "This is no digit." : `Hardly a digit; if one, ${order[1][1]}.`;
  return sure > 0.95 ? "quite sure" : "fairly sure";
}

function unpacked(grid) { return { ...grid, values: bytes(grid.values) }; }
