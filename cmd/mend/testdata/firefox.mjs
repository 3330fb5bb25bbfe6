// Types words into a worksheet in Firefox, 8 keys a second, and prints the text that the page has
// after a reload. Firefox is driven over WebDriver BiDi.
import { createRequire } from "node:module";

const [modules, url, name, password, words] = process.argv.slice(2);
const puppeteer = createRequire(modules + "/").resolve("puppeteer-core");
const { default: driver } = await import(puppeteer);
const browser = await driver.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true });
const page = await browser.newPage();
const saved = () => page.waitForFunction(() => document.querySelector("[data-saving]").textContent.startsWith("Saved"), { timeout: 60000 });

await page.goto(url + "/login");
await page.type("#sign_in", name);
await page.type("#password", password);
await Promise.all([page.waitForNavigation(), page.click("button.go")]);
await Promise.all([page.waitForNavigation(), page.click('a[href^="/my/worksheets/"]')]);
await page.waitForSelector("form[data-ready]");
await page.focus("[data-question]:not([hidden]) textarea");
console.log("typing");
for (const key of words) {
  await page.keyboard.type(key);
  await new Promise(done => setTimeout(done, 100));
}
const focus = await page.evaluate(() => document.activeElement.tagName);
await saved();
await page.reload();
const texts = await page.evaluate(() => [...document.querySelectorAll("[data-question] textarea, .version pre")].map(t => t.value ?? t.textContent));
console.log(JSON.stringify({ focus, text: texts[0] }));
await browser.close();
