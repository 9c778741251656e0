// The same build under another path of a host that it shares with others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start, visitor } from './portal.mjs';

const elsewhere = process.env.MINGSHI_SUBPATH_URL?.replace(/\/?$/, '/');
let browser;
before(async () => (browser = await start()));
after(() => browser.close());

test('the portal stands under a path of its own', { skip: !elsewhere && 'MINGSHI_SUBPATH_URL is not set' }, async () => {
  const { page, complaints, context } = await visitor(browser);
  const outside = [];
  context.on('request', (request) => !request.url().startsWith(elsewhere) && outside.push(request.url()));
  await page.goto(elsewhere);
  await page.waitForURL(`${elsewhere}zh-CN/**`);
  await page.waitForSelector('#content .cards:not([aria-busy]) .value');
  await page.goto(`${elsewhere}en/data/whistle/?indicator=response_rate`);
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  await page.click('.pages a[href*="/places/"]');
  await page.waitForSelector('.tree a');
  await page.click('.tree a');
  await page.waitForSelector('table.of-place tbody tr');
  assert.ok(page.url().startsWith(`${elsewhere}en/places/`));
  await page.goto(`${elsewhere}en/data/whistle/`);
  const href = await page.locator('.downloads a').first().getAttribute('href');
  assert.equal((await fetch(new URL(href, page.url()))).status, 200);
  assert.deepEqual(outside, []);
  assert.deepEqual(complaints, []);
  await context.close();
});
