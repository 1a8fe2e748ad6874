// Draws digits, asks why, trains: what a visitor of the playground does.
// node browser.mjs URL DIRECTORY
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [, , url, shots] = process.argv;
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const problems = [];
const patience = 180000; // ms: what is awaited comes, however busy the machine is

/** open is a page of a visitor of its own, or another tab of a page's visitor. */
async function open(options, hash = "", beside = null) {
  const context = beside?.context() ?? await browser.newContext({ viewport: { width: 1180, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  if (beside) await page.emulateMedia(options);
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") problems.push(`console: ${m.text()}`); });
  page.on("pageerror", (e) => problems.push(`page: ${e}`));
  page.on("requestfailed", (r) => { if (!r.url().includes("events") && r.failure().errorText !== "net::ERR_ABORTED") problems.push(`request: ${r.url()}: ${r.failure().errorText}`); }); // aborted: the page was closed meanwhile
  page.on("request", (r) => { if (!r.url().startsWith(url) && !/^(data|blob):/.test(r.url())) problems.push(`left the server: ${r.url()}`); });
  await page.addInitScript(() => addEventListener("securitypolicyviolation", (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`)));
  await page.goto(`${url}/${hash}`);
  return page;
}

// Strokes in parts of the sheet, from its upper left corner.
const ring = Array.from({ length: 41 }, (_, i) => [0.5 + 0.2 * Math.sin((i * Math.PI) / 20), 0.5 - 0.3 * Math.cos((i * Math.PI) / 20)]);
const digits = {
  1: [[[0.52, 0.18], [0.5, 0.5], [0.48, 0.82]]],
  7: [[[0.28, 0.22], [0.5, 0.21], [0.72, 0.22], [0.58, 0.5], [0.45, 0.82]]],
  0: [ring],
  4: [[[0.33, 0.2], [0.3, 0.52], [0.7, 0.5]], [[0.66, 0.22], [0.64, 0.5], [0.62, 0.84]]],
  3: [[[0.33, 0.25], [0.5, 0.18], [0.66, 0.3], [0.6, 0.44], [0.46, 0.48], [0.64, 0.55], [0.68, 0.7], [0.54, 0.82], [0.32, 0.76]]],
};

async function draw(page, strokes) {
  await page.locator("#clear").click();
  await page.locator("#sheet").scrollIntoViewIfNeeded();
  const box = await page.locator("#sheet").boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  for (const stroke of strokes) {
    await page.mouse.move(...at(stroke[0]));
    await page.mouse.down();
    for (const point of stroke.slice(1)) await page.mouse.move(...at(point), { steps: 6 });
    await page.mouse.up();
  }
}

const answered = (page, digit) => page.waitForFunction((d) => document.querySelector("#answer").textContent === d, String(digit));

// drawn counts the canvases of a selector, and those that are not one flat colour.
const drawn = (page, selector) => page.locator(selector).evaluateAll((all) => {
  const varied = all.filter((c) => {
    const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
    return d.some((v, i) => i >= 4 && v !== d[i % 4]);
  });
  return { all: all.length, varied: varied.length };
});

async function noSideways(page, what) {
  const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= view, `${what}: ${wide} px wide on a screen of ${view}`);
}

const shot = (page, name, fullPage = true) => page.screenshot({ path: `${shots}/${name}.png`, fullPage });

console.log("mouse: 1, 7, 0, 4, 3");
const page = await open({ colorScheme: "light" });
await shot(page, "empty");
for (const digit of [1, 7, 0, 4, 3]) {
  await draw(page, digits[digit]);
  await answered(page, digit);
}
await page.waitForTimeout(400);
assert.deepEqual(await page.locator("#layers .layer h2").allTextContents(), [
  "Convolutionconv 16@5x5 · 16 maps of 24×24", "Activation, ReLUrelu · 16 maps of 24×24", "Poolingmax-pool 2x2 · 16 maps of 12×12",
  "Convolutionconv 32@5x5 · 32 maps of 8×8", "Activation, ReLUrelu · 32 maps of 8×8", "Poolingmax-pool 2x2 · 32 maps of 4×4",
]);
const maps = await drawn(page, ".maps canvas");
assert.equal(maps.all, 144);
assert.ok(maps.varied > 100, `${maps.varied} of 144 maps show something`);
assert.deepEqual(await drawn(page, "#input, #saliency"), { all: 2, varied: 2 });
assert.equal(await page.locator("#saliency-text").textContent(), "what speaks for 3");
await shot(page, "draw-light");
await page.setViewportSize({ width: 1180, height: 1000 });
await shot(page, "screenshot", false); // the README's

console.log("saliency of another digit");
const before = await page.locator("#saliency").evaluate((c) => c.toDataURL());
await page.locator("#bars button").nth(8).click();
await page.waitForFunction(() => document.querySelector("#saliency-text").textContent === "what would speak for 8");
assert.notEqual(await page.locator("#saliency").evaluate((c) => c.toDataURL()), before);
await page.locator("#undo").click();
await page.waitForFunction(() => document.querySelector("#answer").textContent === "–");

console.log("several digits, and none");
const small = (strokes, left) => strokes.map((s) => s.map(([x, y]) => [left + 0.5 * x, 0.25 + 0.5 * y]));
await draw(page, [...small(digits[1], -0.02), ...small(digits[7], 0.5)]);
await answered(page, "1 7");
assert.equal(await page.locator("#sure").textContent(), "Several digits, read one by one.");
await shot(page, "several", false);
await draw(page, [[[0.5, 0.1], [0.75, 0.85], [0.1, 0.38], [0.9, 0.38], [0.25, 0.85], [0.5, 0.1]]]); // a star
await page.waitForFunction(() => document.querySelector("#sure").textContent === "This is no digit.");
assert.equal(await page.locator("#answer").textContent(), "–");
await page.waitForFunction(() => document.querySelector("#saliency-text").textContent === "what speaks for no digit");
await shot(page, "no-digit", false);
await page.locator("#clear").click();

console.log("make it say 8");
await draw(page, digits[3]);
await answered(page, 3);
assert.equal(await page.locator("#wish").inputValue(), "8");
const sheetWas = await page.locator("#sheet").evaluate((c) => c.toDataURL());
await page.locator("#become").click();
await answered(page, 8);
await page.waitForFunction(() => document.querySelector("#become").textContent === "Go" && document.querySelector("#sure").textContent === "quite sure");
assert.equal(await page.locator("#answer").textContent(), "8");
assert.notEqual(await page.locator("#sheet").evaluate((c) => c.toDataURL()), sheetWas, "the drawing changes");
await shot(page, "become", false);
await page.locator("#undo").click(); // the hand's drawing again
await answered(page, 3);
assert.equal(await page.locator("#sheet").evaluate((c) => c.toDataURL()), sheetWas);
await page.locator("#wish").selectOption("0");
await page.locator("#become").click();
await page.waitForFunction(() => document.querySelector("#become").textContent === "Stop");
await page.locator("#clear").click(); // which ends it
await page.waitForFunction(() => document.querySelector("#become").textContent === "Go" && document.querySelector("#answer").textContent === "–");
assert.ok(await page.locator("#become").isDisabled());

console.log("keyboard");
await page.locator("#tab-draw").focus();
await page.keyboard.press("Tab");
assert.equal(await page.evaluate(() => document.activeElement.id), "sheet");
for (let i = 0; i < 11; i++) await page.keyboard.press("ArrowUp");
await page.keyboard.press("Space");
for (let i = 0; i < 22; i++) await page.keyboard.press("ArrowDown");
await page.keyboard.press("Space");
await answered(page, 1);
await shot(page, "keyboard", false);
await page.keyboard.press("Escape");
await page.waitForFunction(() => document.querySelector("#answer").textContent === "–");

console.log("a photo");
const photo = await page.evaluate((strokes) => {
  const c = Object.assign(document.createElement("canvas"), { width: 900, height: 600 });
  const g = c.getContext("2d");
  const lamp = g.createLinearGradient(0, 0, 900, 600);
  lamp.addColorStop(0, "#f4efe2"); lamp.addColorStop(1, "#b9b09c");
  g.fillStyle = lamp; g.fillRect(0, 0, 900, 600);
  Object.assign(g, { lineWidth: 9, strokeStyle: "#22305e", lineCap: "round" });
  for (const s of strokes) { g.beginPath(); s.forEach(([x, y]) => g.lineTo(300 + 300 * x, 140 + 300 * y)); g.stroke(); }
  return c.toDataURL("image/jpeg").split(",")[1];
}, digits[7]);
await page.locator("#photo").setInputFiles({ name: "seven.jpg", mimeType: "image/jpeg", buffer: Buffer.from(photo, "base64") });
await answered(page, 7);
await shot(page, "photo", false);
const chalk = await page.evaluate((strokes) => {
  const c = Object.assign(document.createElement("canvas"), { width: 300, height: 400 });
  const g = c.getContext("2d");
  Object.assign(g, { lineWidth: 22, strokeStyle: "#fff", lineCap: "round" });
  for (const s of strokes) { g.beginPath(); s.forEach(([x, y]) => g.lineTo(300 * x, 400 * y)); g.stroke(); }
  return c.toDataURL("image/png").split(",")[1];
}, digits[7]); // white on nothing
await page.locator("#clear").click();
await page.locator("#photo").setInputFiles({ name: "chalk.png", mimeType: "image/png", buffer: Buffer.from(chalk, "base64") });
await answered(page, 7);
await shot(page, "chalk", false);
await page.close();

console.log("what is wrong is said where one looks");
const inView = (page, selector) => page.locator(selector).evaluate((e) => {
  const box = e.getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && getComputedStyle(e).visibility === "visible";
});
const blank = "iVBORw0KGgoAAAANSUhEUgAAACgAAAAeCAAAAAB7tgMBAAAAGElEQVR42mN4RyRgGFU4qnBU4ajCwawQAL82W91mHYCyAAAAAElFTkSuQmCC"; // grey
for (const [name, viewport] of [["laptop", { width: 1280, height: 800 }], ["phone", { width: 390, height: 844 }]]) {
  const one = await open({ colorScheme: "light", viewport });
  const said = (selector, text) => one.waitForFunction(([s, t]) => document.querySelector(s).textContent.includes(t), [selector, text]);
  await one.locator("#photo").setInputFiles({ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
  await said("#notice", "letter.txt is no image");
  assert.ok(await inView(one, "#notice"), "a file that is no image: not in view");
  await one.locator("#photo").setInputFiles({ name: "blank.png", mimeType: "image/png", buffer: Buffer.from(blank, "base64") });
  await said("#notice", "Nothing is drawn there: the picture is of one colour.");
  assert.match(problems.pop(), /^console: .* 400 /);
  assert.ok(await inView(one, "#notice"), "a blank photo: not in view");
  await shot(one, `error-${name}`, false);
  await draw(one, digits[1]);
  await answered(one, 1);
  assert.equal(await one.locator("#notice").textContent(), "");

  await one.context().setOffline(true);
  await said("#lost", "The playground does not answer.");
  assert.ok(await inView(one, "#lost"), "a lost server, on Draw: not in view");
  await shot(one, `lost-draw-${name}`, false);
  await one.locator("#tab-train").click();
  await said("#phase", "No connection");
  assert.ok(await inView(one, "#lost") && await inView(one, "#phase"), "a lost server, on Train: not in view");
  assert.ok(await one.locator("#go").isDisabled());
  await shot(one, `lost-train-${name}`, false);
  await one.context().setOffline(false);
  await said("#phase", "nothing learned yet");
  assert.equal(await one.locator("#lost").textContent(), "");
  await one.locator("#go").isEnabled();
  await one.close();
}
for (let i = problems.length - 1; i >= 0; i--) { // the browser's own lines about that
  if (/ERR_INTERNET_DISCONNECTED|icon\.svg/.test(problems[i])) problems.splice(i, 1);
}

console.log("training: start, curve, pause, reset");
const lab = await open({ colorScheme: "light" }, "#train");
const points = () => lab.evaluate(() => Number(document.querySelector("#chart-loss .line")?.dataset.points ?? 0));
await lab.locator("#go").click();
await lab.waitForFunction(() => Number(document.querySelector("#chart-loss .line")?.dataset.points) > 40);
const filters = await lab.locator("#filters canvas").first().evaluate((c) => c.toDataURL());
await lab.waitForFunction(() => parseFloat(document.querySelector("#f-accuracy").textContent) > 90);
assert.notEqual(await lab.locator("#filters canvas").first().evaluate((c) => c.toDataURL()), filters, "the filters change");
assert.deepEqual(await drawn(lab, "#filters canvas"), { all: 8, varied: 8 });
await lab.locator("#go").click();
await lab.waitForFunction(() => document.querySelector("#phase").textContent.startsWith("Paused"));
const paused = [await points(), await lab.locator("#f-images").textContent()];
await shot(lab, "train-light");
await lab.waitForTimeout(1000);
assert.deepEqual([await points(), await lab.locator("#f-images").textContent()], paused, "paused means paused");
await lab.locator("#go").click();
await lab.waitForFunction((n) => Number(document.querySelector("#chart-loss .line")?.dataset.points) > n, paused[0]);
const watcher = await open({ colorScheme: "dark" }, "#train", lab); // the same visitor's second tab
const guest = await open({ colorScheme: "light", viewport: { width: 1280, height: 800 } }, "#train"); // another visitor
const images = (page) => page.locator("#f-images").textContent().then((text) => Number(text.replace(",", "")));
assert.equal(await images(guest), 0, "a visitor finds another's training");
await guest.locator("#go").click();
await watcher.waitForFunction(() => Number(document.querySelector("#f-images").textContent.replace(",", "")) > 40000);
await shot(watcher, "train-dark");
await lab.locator("#reset").click();
await lab.waitForFunction(() => document.querySelector("#f-images").textContent === "0" && !document.querySelector("#chart-loss .line"));
await watcher.waitForFunction(() => document.querySelector("#f-images").textContent === "0");
const untouched = await images(guest);
assert.ok(untouched > 0, "a visitor's reset reset another's training");
await guest.waitForFunction((n) => Number(document.querySelector("#f-images").textContent.replace(",", "")) > n, untouched);
await guest.reload();
await guest.waitForFunction((n) => Number(document.querySelector("#f-images").textContent.replace(",", "")) >= n, untouched);
await shot(guest, "train-guest", false);
await guest.locator("#reset").click();
await lab.locator("#rate").selectOption("1"); // too fast to learn
await lab.locator("#go").click();
await lab.waitForFunction(() => Number(document.querySelector("#chart-loss .line")?.dataset.points) > 30);
assert.ok(parseFloat(await lab.locator("#f-accuracy").textContent()) < 40);
await lab.locator("#reset").click();

console.log("a class takes all places to train at");
const post = (pupil, what) => fetch(`${url}/api/train/${what}`, { method: "POST", body: '{"rate": 0.02}',
  headers: { Cookie: `symgrad-visitor=${"PUPIL".padEnd(25, "A")}${String.fromCharCode(65 + pupil)}` } });
const places = Number(await guest.locator("#places").textContent());
for (let pupil = 0; pupil < places; pupil++) assert.equal((await post(pupil, "start")).status, 204);
await guest.locator("#go").click();
await guest.waitForFunction(() => document.querySelector("#train-notice").textContent.startsWith("All places to train at are taken."));
assert.match(problems.pop(), /^console: .* 503 /); // the browser's own line about that answer
await shot(guest, "train-full", false);
await guest.setViewportSize({ width: 390, height: 844 });
await noSideways(guest, "no place");
await shot(guest, "train-full-phone");
for (let pupil = 0; pupil < places; pupil++) assert.equal((await post(pupil, "reset")).status, 204);
await guest.locator("#go").click();
await guest.waitForFunction(() => Number(document.querySelector("#chart-loss .line")?.dataset.points) > 10);
assert.equal(await guest.locator("#train-notice").textContent(), "");
await guest.locator("#reset").click();
for (const page of [watcher, guest, lab]) await page.close();

console.log("phone, 360 px, touch, dark and light");
for (const colorScheme of ["dark", "light"]) {
  const phone = await open({ colorScheme, viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await noSideways(phone, "empty page");
  await draw(phone, digits[0]);
  await answered(phone, 0);
  await noSideways(phone, "answer");
  await phone.waitForTimeout(400);
  await shot(phone, `phone-${colorScheme}`);
  await phone.locator("#tab-train").tap();
  await noSideways(phone, "train");
  await shot(phone, `phone-train-${colorScheme}`);
  await phone.close();
}
const night = await open({ colorScheme: "dark" });
await draw(night, digits[3]);
await answered(night, 3);
await night.waitForTimeout(400);
await shot(night, "draw-dark");

await browser.close();
assert.deepEqual(problems, []);
console.log("no errors, no violations of the content security policy");
