// The page: two tabs, and the way from the sheet to the network and back.
import { inkOf, Look } from "./look.js";
import { Sheet } from "./sheet.js";
import { Training } from "./train.js";

const $ = (id) => document.getElementById(id);
const tell = (text) => { $("notice").textContent = text; };

// The server: whether it is there is asked every few seconds, and said on both
// tabs when it is not.
let lost = false;
function answers(yes) {
  if (lost === !yes) return;
  lost = !yes;
  $("lost").textContent = lost ? "The playground does not answer. Is it still running? This page tries again by itself." : "";
  training.lost(lost);
  if (!lost && !sheet.empty) ask();
}
setInterval(() => {
  if (!document.hidden) fetch("icon.svg").then((r) => r.text()).then(() => answers(true), () => answers(false));
}, 3000);

// Asking: one request at a time; what changed meanwhile is asked next.
let asking = false, changed = false, chosen = null;

async function ask() {
  changed = true;
  if (asking) return;
  asking = true;
  while (changed) {
    changed = false;
    try {
      if (sheet.empty) { look.clear(); tell(""); continue; }
      const query = chosen === null ? "" : `?class=${chosen}`;
      const answer = await fetch(`api/look${query}`, { method: "POST", headers: { "Content-Type": "image/png" }, body: await sheet.picture() });
      answers(true);
      if (sheet.empty) continue;
      if (answer.ok) { look.show(await answer.json()); tell(""); continue; }
      const why = (await answer.text()).trim().replace(/^digit: picture: /, "");
      if (answer.status === 400) look.clear(sheet.isPhoto ? "Nothing found." : "Nothing to be seen yet.");
      tell(answer.status === 400 && !sheet.isPhoto ? "" : `${why[0].toUpperCase()}${why.slice(1)}.`);
    } catch {
      answers(false);
    }
  }
  asking = false;
}

let wish = null; // what the drawing is becoming
const sheet = new Sheet($("sheet"), () => {
  $("ghost").classList.toggle("gone", !sheet.empty);
  if (sheet.empty) chosen = null;
  wish?.abort();
  $("become").disabled = sheet.empty;
  ask();
});
const look = new Look((digit) => { if (!sheet.empty) { chosen = chosen === digit ? null : digit; ask(); } });
$("clear").addEventListener("click", () => sheet.clear());
$("undo").addEventListener("click", () => sheet.undo());

// Make it say 8: the drawing as the network gets it, changed step by step; a
// line of JSON for each.
async function become() {
  if (wish) { wish.abort(); return; }
  const mine = wish = new AbortController();
  $("become").textContent = "Stop";
  tell("");
  try {
    const answer = await fetch(`api/become?class=${$("wish").value}`, { method: "POST", headers: { "Content-Type": "image/png" }, body: await sheet.picture(), signal: mine.signal });
    answers(true);
    if (!answer.ok) { tell((await answer.text()).trim().replace(/^digit: picture: /, "")); return; }
    const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ;) {
      const { value, done } = await lines.read();
      if (done || mine.signal.aborted) break;
      const whole = (rest + value).split("\n");
      rest = whole.pop();
      for (const line of whole) {
        const step = JSON.parse(line);
        sheet.frame(inkOf(step));
        look.show(step);
      }
    }
  } catch {
    if (!mine.signal.aborted) answers(false);
  } finally {
    if (wish === mine) wish = null;
    if (!wish) $("become").textContent = "Go";
  }
}
$("become").addEventListener("click", become);

// Photos: chosen, dropped or pasted.
async function photo(file) {
  if (!file) return;
  try {
    sheet.photo(await createImageBitmap(file, { imageOrientation: "from-image" }));
  } catch {
    tell(`${file.name || "That"} is no image that this browser can read.`);
  }
}
$("photo").addEventListener("change", (e) => { photo(e.target.files[0]); e.target.value = ""; });
const frame = document.querySelector(".sheet");
addEventListener("dragover", (e) => { e.preventDefault(); frame.classList.add("over"); });
addEventListener("dragleave", (e) => { if (!e.relatedTarget) frame.classList.remove("over"); });
addEventListener("drop", (e) => { e.preventDefault(); frame.classList.remove("over"); photo(e.dataTransfer.files[0]); });
addEventListener("paste", (e) => photo(e.clipboardData.files[0]));

// Tabs.
const training = new Training((text) => { $("train-notice").textContent = text; }, () => answers(false));
const tabs = [...document.querySelectorAll("[role=tab]")];
function choose(tab) {
  for (const t of tabs) {
    t.setAttribute("aria-selected", String(t === tab));
    t.tabIndex = t === tab ? 0 : -1;
    $(t.getAttribute("aria-controls")).hidden = t !== tab;
  }
  const name = tab.getAttribute("aria-controls");
  history.replaceState(null, "", name === "train" ? "#train" : location.pathname);
  training.watch(name === "train");
}
tabs.forEach((tab, i) => {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return;
    const other = tabs[(i + 1) % tabs.length];
    choose(other);
    other.focus();
  });
});
if (location.hash === "#train") choose($("tab-train"));
