// What the browser tests share: a browser, pages that record every complaint, and axe.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const site = (process.env.MINGSHI_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const shots = new URL('./screenshots/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

/** The portal's languages: a file each. */
export const languages = readdirSync(new URL('../../locales/', import.meta.url))
  .filter((name) => /^[a-z]{2,3}(-\w+)*\.toml$/.test(name))
  .map((name) => name.replace('.toml', ''));

export const start = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  });

/** A context and a page; `complaints` holds console errors, exceptions and CSP violations. */
export async function visitor(browser, { width = 1280, height = 900, theme = 'light', touch = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, hasTouch: touch });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)));
  return { page, context, complaints };
}

/** A page of its own context, opened. */
export async function open(browser, path, { before, ...who } = {}) {
  const visit = await visitor(browser, who);
  if (before) await before(visit.page, visit.context);
  await visit.page.goto(site + path);
  return visit;
}

/** The newest snapshot's manifest and register of places, read as any program would. */
export async function published() {
  const json = async (path) => (await fetch(`${site}/${path}`)).json();
  const { releases } = await json('catalogue.json');
  const manifest = await json(`snapshots/${releases.at(-1).snapshot}/manifest.json`);
  return { releases, manifest, places: await json(manifest.places) };
}

export const shot = (page, name) => page.screenshot({ path: `${shots}${name}.png`, fullPage: true });

/** What axe finds wrong with a page. */
export async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${page.url()}: ${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
}

export const accessible = async (page) => assert.deepEqual(await violations(page), []);

/** No sideways scrolling. */
export async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${page.url()} is ${over} px wider than the window`);
}
