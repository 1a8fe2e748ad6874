// Opens a notebook in the notebook server, runs all its cells and looks for
// output and pictures: what a reader does.
// node notebooks.mjs URL DIRECTORY
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [, , url, shots] = process.argv;
const address = new URL(url);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1100, height: 1400 } });
await page.goto(url); // takes the token
await page.goto(`${address.origin}/notebooks/01-neuron.ipynb`);
await page.waitForFunction(() => window.Jupyter?.notebook?.kernel?.is_connected?.(), null, { timeout: 60000 });

console.log("clear all output, run all cells");
const cells = await page.evaluate(() => {
  Jupyter.notebook.clear_all_output();
  return Jupyter.notebook.get_cells().filter((c) => c.cell_type === "code").length;
});
assert.equal(await page.locator(".output_area img").count(), 0);
await page.evaluate(() => Jupyter.notebook.execute_all_cells());
await page.waitForFunction((n) => {
  const code = Jupyter.notebook.get_cells().filter((c) => c.cell_type === "code");
  return code.filter((c) => c.input_prompt_number > 0).length === n && !Jupyter.notebook.kernel_busy;
}, cells, { timeout: 120000 });

assert.equal(await page.locator(".output_error").count(), 0, "no cell fails");
const pictures = await page.locator(".output_area img").evaluateAll((all) => all.map((i) => i.naturalWidth));
console.log(`${cells} cells, pictures ${pictures.join(", ")} pixels wide`);
assert.ok(pictures.length >= 6 && pictures.every((w) => w > 100), "pictures are seen");
const text = await page.locator("#notebook-container").innerText();
assert.ok(text.includes("0.99993704"), "the tutorial's answer is there");
await page.waitForFunction(() => document.querySelectorAll(".output_latex .MathJax, .output_latex mjx-container, .output_latex .MathJax_Display").length > 0, null, { timeout: 30000 });
await page.locator(".output_latex").first().scrollIntoViewIfNeeded();
await page.screenshot({ path: `${shots}/notebook.png` });

console.log("an error is shown, and the kernel lives on");
await page.evaluate(() => {
  const cell = Jupyter.notebook.insert_cell_at_bottom("code");
  cell.set_text('import "no/such/package"');
  cell.execute();
});
await page.waitForSelector(".output_error", { timeout: 30000 });
assert.ok((await page.locator(".output_error").innerText()).includes("not linked into this kernel"));
await page.evaluate(() => {
  const cell = Jupyter.notebook.insert_cell_at_bottom("code");
  cell.set_text("1 + len(losses)");
  cell.execute();
});
await page.waitForFunction(() => document.querySelector("#notebook-container").innerText.includes("10001"), null, { timeout: 30000 });
await browser.close();
console.log("ok");
