// What goes wrong on the way: damaged files, unknown formats, no network.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, open, shot, start } from './portal.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser.close());

/** Requests of a worker are seen by the context only. */
const flip = async (_, context) =>
  context.route('**/*.parquet', async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    body[Math.floor(body.length / 2)] ^= 1;
    await route.fulfill({ response: answer, body });
  });

test('a damaged Parquet file is refused', async () => {
  const { page, context } = await open(browser, '/en/data/whistle', { before: flip });
  await page.waitForSelector('.notice');
  assert.match(await page.locator('.notice h1').innerText(), /damaged/);
  assert.equal(await page.locator('svg.chart').count(), 0);
  await shot(page, 'damaged');
  await accessible(page);
  await context.unroute('**/*.parquet');
  await page.click('.notice button');
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  await context.close();
});

test('a damaged manifest is refused', async () => {
  const { page, context } = await open(browser, '/en/', {
    before: (page) =>
      page.route('**/manifest.json', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()) + ' ' });
      }),
  });
  await page.waitForSelector('.notice');
  assert.match(await page.locator('.notice h1').innerText(), /damaged/);
  await context.close();
});

test('an unknown format is refused with a remedy', async () => {
  const { page, context } = await open(browser, '/en/', {
    before: (page) => page.route('**/catalogue.json', (route) => route.fulfill({ json: { format: 99 } })),
  });
  await page.waitForSelector('.notice');
  assert.match(await page.locator('.notice').innerText(), /version 99.*version 1/s);
  await context.close();
});

test('an empty catalogue says so', async () => {
  const json = { format: 1, title: { zh: '空', en: 'Empty' }, releases: [] };
  const { page, context } = await open(browser, '/en/', {
    before: (page) => page.route('**/catalogue.json', (route) => route.fulfill({ json })),
  });
  await page.waitForSelector('.notice');
  assert.match(await page.locator('.notice h1').innerText(), /No snapshot/);
  await context.close();
});

test('a snapshot that is not there leads to the newest of the same view', async () => {
  const { page, context } = await open(browser, '/en/data/whistle/?indicator=whistles&level=street&snapshot=1999-01-r1');
  await page.waitForSelector('.notice');
  const href = await page.locator('.notice a.button').getAttribute('href');
  assert.match(href, /\/en\/data\/whistle\/\?indicator=whistles&level=street$/);
  await context.close();
});

test('without a network the page says so, and recovers', async () => {
  const { page, context } = await open(browser, '/en/', {
    before: (page) => page.route('**/catalogue.json', (route) => route.abort('internetdisconnected')),
  });
  await page.waitForSelector('.notice');
  assert.match(await page.locator('.notice h1').innerText(), /reached/);
  await page.unroute('**/catalogue.json');
  await page.click('.notice button');
  await page.waitForSelector('#content .cards:not([aria-busy]) .value');
  await context.close();
});

test('a part of the portal that does not come says so, and is loaded anew', async () => {
  // Alone; and within the page of the main program.
  for (const [path, there] of [
    ['/en/methods/', 'main h2'],
    ['/en/explorer/', 'main select'],
    ['/en/data/whistle/?view=definition', 'main .facts'],
  ]) {
    const failing = /\/(annex|explorer)[^/]*\.js/;
    const { page, context } = await open(browser, path, {
      before: (page) => page.route(failing, (route) => route.abort('internetdisconnected')),
    });
    await page.waitForSelector('.notice');
    assert.match(await page.locator('.notice :is(h1, h2)').innerText(), /reached/);
    assert.ok(await page.locator('h1').first().isVisible(), 'the page says what it is');
    await page.unroute(failing);
    await page.click('.notice :is(button, a)');
    await page.waitForSelector(there);
    assert.equal(await page.locator('.notice').count(), 0, path);
    await context.close();
  }
});

test('text in the address is never markup', async () => {
  const evil = encodeURIComponent('<img src=x onerror=alert(1)>');
  const { page, context, complaints } = await open(browser, `/en/data/whistle?indicator=${evil}&period=${evil}&places=${evil}`);
  await page.waitForSelector('svg.chart');
  assert.equal(await page.locator('img').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});
