// The sheet that is drawn on: strokes and photos, kept so that they can be
// undone and drawn anew in another theme.
import { onTheme, paintInk } from "./paint.js";

const side = 280; // of the picture that is sent
const width = 20; // of a stroke

export class Sheet {
  #canvas; #ink; #marks = []; #stroke = null; #pointer = null;
  #pen = { x: side / 2, y: side / 2, down: false, shown: false };

  /** changed is called after every change. */
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#ink = canvas.getContext("2d");
    this.changed = changed;
    canvas.addEventListener("pointerdown", (e) => this.#down(e));
    canvas.addEventListener("pointermove", (e) => this.#move(e));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (e) => this.#up(e));
    canvas.addEventListener("keydown", (e) => this.#key(e));
    canvas.addEventListener("focus", () => { this.#pen.shown = canvas.matches(":focus-visible"); this.#draw(); });
    canvas.addEventListener("blur", () => { Object.assign(this.#pen, { shown: false, down: false }); this.#draw(); });
    onTheme(() => { this.#draw(); this.changed(); });
    this.#draw();
  }

  get empty() { return this.#marks.length === 0; }
  get isPhoto() { return Boolean(this.#marks[0]?.bitmap) && !this.#marks.some((m) => m.frame); }

  clear() { this.#marks = []; this.#stroke = null; this.#pen.down = false; this.#done(); }
  undo() { this.#marks.pop(); this.#stroke = null; this.#pen.down = false; this.#done(); }

  /** photo lays an image over the sheet. */
  photo(bitmap) {
    const scale = side / Math.max(bitmap.width, bitmap.height);
    const w = Math.max(Math.round(bitmap.width * scale), 1), h = Math.max(Math.round(bitmap.height * scale), 1);
    this.#marks = [{ bitmap, box: [Math.floor((side - w) / 2), Math.floor((side - h) / 2), w, h], behind: behind(bitmap) }];
    this.#stroke = null;
    this.#done();
  }

  /** frame lays 28x28 grey values, 0 to 255, over the sheet, in place of the last
   * such frame; undo takes it away. Nobody is told of a change. */
  frame(values) {
    if (this.#marks.at(-1)?.frame) this.#marks.pop();
    this.#marks.push({ frame: values });
    this.#draw();
  }

  /** picture is the sheet as a PNG, without the pen's mark; of a photo that alone,
   * transparent where it is. */
  picture() {
    const copy = document.createElement("canvas");
    const [x, y, w, h] = this.isPhoto ? this.#marks[0].box : [0, 0, side, side];
    Object.assign(copy, { width: w, height: h });
    const g = copy.getContext("2d");
    g.translate(-x, -y);
    this.#render(g, !this.isPhoto);
    return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
  }

  #done() { this.#draw(); this.changed(); }

  #draw() {
    this.#render(this.#ink);
    if (!this.#pen.shown) return;
    const g = this.#ink, { x, y, down } = this.#pen;
    g.beginPath();
    g.arc(x, y, width / 2 + 2, 0, 2 * Math.PI);
    g.lineWidth = down ? 4 : 2;
    g.strokeStyle = getComputedStyle(this.#canvas).getPropertyValue("--accent");
    g.stroke();
  }

  #render(g, paper = true) {
    const style = getComputedStyle(this.#canvas);
    g.fillStyle = style.getPropertyValue("--paper");
    if (paper) g.fillRect(0, 0, side, side);
    g.strokeStyle = style.getPropertyValue("--ink");
    Object.assign(g, { lineWidth: width, lineCap: "round", lineJoin: "round" });
    for (const mark of this.#marks) {
      if (mark.frame) {
        const small = document.createElement("canvas");
        paintInk(small, mark.frame);
        g.drawImage(small, 0, 0, side, side);
        continue;
      }
      if (mark.bitmap) {
        g.fillStyle = mark.behind;
        if (paper) g.fillRect(...mark.box);
        g.drawImage(mark.bitmap, ...mark.box);
        continue;
      }
      g.beginPath();
      g.moveTo(...mark[0]);
      if (mark.length === 1) g.lineTo(mark[0][0] + 0.01, mark[0][1]);
      // Through the middles, so that a fast hand draws curves.
      for (let i = 1; i < mark.length - 1; i++) {
        const [x, y] = mark[i], [u, v] = mark[i + 1];
        g.quadraticCurveTo(x, y, (x + u) / 2, (y + v) / 2);
      }
      g.lineTo(...mark[mark.length - 1]);
      g.stroke();
    }
  }

  #at(e) {
    const box = this.#canvas.getBoundingClientRect();
    return [((e.clientX - box.left) / box.width) * side, ((e.clientY - box.top) / box.height) * side];
  }

  #down(e) {
    if (this.#pointer !== null || e.button > 0) return; // one finger at a time
    this.#pointer = e.pointerId;
    this.#canvas.setPointerCapture(e.pointerId);
    Object.assign(this.#pen, { shown: false, down: false });
    this.#stroke = [this.#at(e)];
    this.#marks.push(this.#stroke);
    this.#done();
  }

  #move(e) {
    if (e.pointerId !== this.#pointer || !this.#stroke) return;
    const seen = e.getCoalescedEvents?.() ?? [];
    for (const one of seen.length ? seen : [e]) this.#stroke.push(this.#at(one));
    this.#done();
  }

  #up(e) {
    if (e.pointerId === this.#pointer) this.#pointer = this.#stroke = null;
  }

  #key(e) {
    const step = e.shiftKey ? 2 : 8;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[e.key];
    const pen = this.#pen;
    if (way) {
      pen.x = Math.min(Math.max(pen.x + way[0], 0), side);
      pen.y = Math.min(Math.max(pen.y + way[1], 0), side);
      if (pen.down) this.#stroke?.push([pen.x, pen.y]);
    } else if (e.key === " ") {
      if (e.repeat) { e.preventDefault(); return; }
      pen.down = !pen.down;
      this.#stroke = pen.down ? [[pen.x, pen.y]] : null;
      if (pen.down) this.#marks.push(this.#stroke);
    } else if (e.key === "Escape" || e.key === "Delete") {
      this.clear();
      return;
    } else if (e.key === "z" && (e.ctrlKey || e.metaKey)) {
      this.undo();
    } else {
      return;
    }
    e.preventDefault();
    pen.shown = true;
    if (pen.down) this.#done(); else this.#draw();
  }
}

/** behind is what a photo is shown on where it is transparent: white, or black
 * where what it shows is light. */
function behind(bitmap) {
  const g = Object.assign(document.createElement("canvas"), { width: 64, height: 64 }).getContext("2d");
  g.drawImage(bitmap, 0, 0, 64, 64);
  let light = 0, all = 0;
  g.getImageData(0, 0, 64, 64).data.forEach((v, i, data) => {
    if (i % 4 === 3) { all += v; return; }
    light += (v * data[i - (i % 4) + 3]) / 765;
  });
  return light > 0.75 * all ? "#000" : "#fff";
}
