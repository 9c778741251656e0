// What the browser tests share: a browser, pages that record every complaint, and axe.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const site = (process.env.MINGSHI_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const shots = new URL('./screenshots/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

export const start = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  });

/** A page of its own context; `complaints` holds console errors, exceptions and CSP violations. */
export async function open(browser, path, { width = 1280, height = 900, theme = 'light', before } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)));
  if (before) await before(page, context);
  await page.goto(site + path);
  return { page, context, complaints };
}

export const shot = (page, name) => page.screenshot({ path: `${shots}${name}.png`, fullPage: true });

export async function accessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
  assert.deepEqual(said, []);
}

/** No sideways scrolling. */
export async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `the page is ${over} px wider than the window`);
}
