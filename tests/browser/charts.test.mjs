// Stages, schematic maps and where a place stands; and what a first visit loads.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { accessible, fits, languages, open, published, shot, site, start } from './portal.mjs';

let browser;
let snapshot;
before(async () => {
  browser = await start();
  snapshot = await published();
});
after(() => browser.close());

const number = (text) => Number(text.replaceAll(',', ''));
const who = [
  { language: 'zh-CN', width: 390, theme: 'dark', touch: true },
  { language: 'zh-CN', width: 1280, theme: 'light' },
  { language: 'en', width: 390, theme: 'light', touch: true },
  { language: 'en', width: 1280, theme: 'dark' },
];

test('the stages of a whistle: finding, funnel and table say the same', async () => {
  for (const { language, width, theme, touch } of who) {
    const { page, context, complaints } = await open(browser, `/${language}/data/whistle/?view=stages`, { width, theme, touch });
    await page.waitForSelector('svg.funnel-chart [data-key]');
    const rows = page.locator('table.stages tbody tr');
    assert.equal(await rows.count(), await page.locator('svg.funnel-chart .bar').count());
    const counts = (await rows.locator('td:nth-child(2)').allInnerTexts()).map(number);
    assert.ok(counts[0] > 0 && counts.every((count) => count <= counts[0]), counts.join());
    const bars = await page.locator('svg.funnel-chart .bar').evaluateAll((all) => all.map((bar) => bar.dataset.value.replaceAll(',', '')));
    assert.deepEqual(bars.map(Number), counts);
    const said = await page.locator('.figure .finding').last().innerText();
    assert.ok(said.includes(counts[0].toLocaleString('en')) && said.includes(counts.at(-1).toLocaleString('en')), said);
    const share = await rows.last().locator('td:nth-child(3)').innerText();
    assert.ok(Math.abs(parseFloat(share) - (100 * counts.at(-1)) / counts[0]) < 0.06, share);
    await fits(page);
    await accessible(page);
    await shot(page, `stages-${language}-${width}-${theme}`);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('a stage is reached by keyboard and by touch, and is told', async () => {
  const { page, context } = await open(browser, '/en/data/whistle/?view=stages', { width: 390, touch: true });
  await page.waitForSelector('svg.funnel-chart [data-key]');
  await page.locator('svg.funnel-chart [tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  const second = page.locator('svg.funnel-chart .bar').nth(1);
  const name = await second.getAttribute('aria-label');
  await page.waitForFunction((name) => document.querySelector('.drawing .spoken')?.textContent === name, name);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('.tooltip'));
  await page.locator('svg.funnel-chart .bar').first().tap();
  assert.match(await page.locator('.tooltip').innerText(), /Whistle blown/);
  await context.close();
});

test('stages follow the place of the address, and show none that is withheld as a number', async () => {
  const street = snapshot.places.find((place) => place.level === 'street');
  const { page, context, complaints } = await open(browser, `/en/data/whistle/?view=stages&level=street&places=${street.code}`);
  await page.waitForSelector('svg.funnel-chart text.label');
  assert.match(await page.locator('.figure h3').innerText(), new RegExp(street.name.en));
  const withheld = await page.locator('table.stages td.hatched').count();
  assert.equal(await page.locator('svg.funnel-chart .bar.suppressed').count(), withheld);
  assert.equal(await page.locator('svg.funnel-chart .bar.suppressed[data-value]').count(), 0);
  await accessible(page);
  await shot(page, 'stages-street');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('streets stand on a schematic map by district, each value in its tile', async () => {
  for (const { language, width, theme, touch } of who) {
    const { page, context, complaints } = await open(browser, `/${language}/data/funding/?level=street&chart=tiles&indicator=execution_of_budget`, { width, theme, touch });
    await page.waitForSelector('svg.tiles-chart [data-key]');
    const streets = snapshot.places.filter((place) => place.level === 'street');
    assert.equal(await page.locator('svg.tiles-chart [data-key]').count(), streets.length);
    const keys = await page.locator('svg.tiles-chart [data-key]').evaluateAll((all) => all.map((tile) => tile.dataset.key));
    assert.deepEqual(keys, [...keys].sort(), 'in the order of codes');
    const groups = new Set(streets.map((place) => place.parent));
    assert.equal(await page.locator('svg.tiles-chart .panel-title').count(), groups.size);
    assert.equal(await page.locator('select[name=chart]').inputValue(), 'tiles');
    await page.locator('svg.tiles-chart [data-key]').first().hover();
    const tile = await page.locator('svg.tiles-chart [data-key]').first().getAttribute('data-value');
    assert.ok((await page.locator('.tooltip').innerText()).includes(tile));
    await fits(page);
    await accessible(page);
    await shot(page, `tiles-${language}-${width}-${theme}`);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('the names of streets are whole beside their bars, the chosen one in bold too', async () => {
  const { page, context } = await open(browser, '/en/data/whistle/?indicator=resolution_rate&level=street&period=2020&chart=bar', { width: 1280 });
  const labels = page.locator('svg.bar-chart text.label');
  await labels.first().waitFor();
  const whole = () => labels.evaluateAll((all) => all.every((it) => it.getBBox().x >= 0));
  assert.ok((await labels.count()) > 20 && (await whole()));
  const place = (await page.locator('svg.bar-chart .bar').first().getAttribute('data-key')).split('/')[0];
  await page.goto(`${page.url()}&places=${place}`);
  await page.waitForSelector('svg.bar-chart text.label.highlighted');
  assert.ok(await whole());
  await context.close();
});

test('a place stands marked among all of its level', async () => {
  for (const [at, { language, width, theme, touch }] of who.entries()) {
    const level = ['community', 'street', 'district', 'community'][at];
    const place = snapshot.places.filter((it) => it.level === level).at(3);
    const { page, context, complaints } = await open(browser, `/${language}/places/${place.code}/`, { width, theme, touch });
    await page.waitForSelector('.standing svg.strip-chart [data-key]');
    const strips = page.locator('figure.strip');
    assert.ok((await strips.count()) >= 4);
    for (const strip of await strips.all()) {
      assert.equal(await strip.locator('.dot.highlighted, .bar.suppressed').count() >= 1, true, await strip.innerText());
      assert.ok((await strip.locator('.finding').innerText()).length > 20);
      assert.match(await strip.locator('a').getAttribute('href'), /view=table/);
    }
    // A strip is one image, until an arrow key leads into it, to the page's own place; left, it is one again.
    const strip = page.locator('.standing svg.strip-chart:has(.dot.highlighted)').first();
    const first = strip.locator('.dot.highlighted');
    const known = async (role) => [await strip.getAttribute('role'), await strip.locator('[data-key]:not([aria-hidden])').count()].join() === role;
    assert.ok(await known('img,0'));
    await strip.focus();
    await page.keyboard.press('ArrowRight');
    assert.ok(await first.evaluate((it) => it === document.activeElement));
    assert.ok(await known('group,1'));
    await page.keyboard.press('Home');
    assert.ok(await strip.evaluate((it) => it.contains(document.activeElement) && document.activeElement.dataset.key));
    assert.equal(await strip.evaluate((it) => {
      const lefts = [...it.querySelectorAll('[data-key]')].map((mark) => Math.round(mark.getBoundingClientRect().left));
      return Math.min(...lefts) === Math.round(document.activeElement.getBoundingClientRect().left);
    }), true);
    await accessible(page);
    await page.keyboard.press('Tab');
    assert.equal(await strip.getAttribute('role'), 'img');
    await fits(page);
    await accessible(page);
    await shot(page, `standing-${level}-${language}-${width}-${theme}`);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('the page of space leads to every community at once', async () => {
  const { page, context } = await open(browser, '/en/data/space/?indicator=activity_area_median');
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  await page.click('[data-every]');
  await page.waitForSelector('svg.strip-chart [data-key]');
  const communities = snapshot.places.filter((place) => place.level === 'community').length;
  const dots = await page.locator('svg.strip-chart .dot').count();
  assert.ok(dots > communities * 0.9 && dots <= communities, `${dots} of ${communities}`);
  assert.equal(await page.locator('[data-every]').count(), 0);
  await accessible(page);
  await shot(page, 'space-every');
  await context.close();
});

/** The scripts and programs of the main thread that a page loads, compressed. */
async function loaded(path, ready) {
  const asked = [];
  const { page, context } = await open(browser, path, {
    before: (page) => page.on('request', (request) => asked.push(request.url())),
  });
  await page.waitForSelector(ready);
  await page.waitForLoadState('networkidle');
  await context.close();
  const programs = asked.filter((url) => /\.(js|wasm)$/.test(url));
  const sizes = {};
  for (const url of new Set(programs)) {
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    sizes[url.slice(site.length + 1)] = brotliCompressSync(bytes).length;
  }
  return { asked, sizes };
}

/** What the texts of further languages may add, brotli. */
const more = (bytes) => bytes * (languages.length - 2);

test('a first visit loads the page and the worker, and nothing that most readers never open', async () => {
  for (const [path, ready] of [['/en/', '#content .cards:not([aria-busy]) .value'], ['/en/data/whistle/?indicator=response_rate', 'svg.chart [data-key][tabindex]']]) {
    const { asked, sizes } = await loaded(path, ready);
    for (const program of ['annex', 'explorer', 'spreadsheet', 'frame']) {
      assert.ok(!asked.some((url) => url.includes(`/${program}-`)), `${path} loads ${program}`);
    }
    const main = Object.entries(sizes).filter(([name]) => !name.startsWith('worker'));
    const bytes = main.reduce((sum, [, size]) => sum + size, 0);
    console.log(`${path}: ${asked.length} requests, ${bytes} bytes for the main thread`, sizes);
    assert.ok(bytes < 232_000 + more(6_000), `${bytes} bytes of programs for the main thread`);
    assert.equal(asked.filter((url) => url.includes('/worker-') && url.endsWith('.wasm')).length, 1);
  }
});

test('a page that another program makes is made by that one alone, and leads to the others', async () => {
  const place = snapshot.places.find(({ level }) => level === 'street');
  const here = `/en/places/${place.code}/`;
  for (const [path, ready, program] of [[here, 'table.of-place tbody tr', 'annex'], ['/en/explorer/', 'table.pivot tbody tr', 'explorer']]) {
    const { asked, sizes } = await loaded(path, ready);
    const others = ['app', 'annex', 'explorer', 'spreadsheet', 'frame'].filter((name) => name !== program);
    for (const other of others) assert.ok(!asked.some((url) => url.includes(`/${other}-`)), `${path} loads ${other}`);
    const main = Object.entries(sizes).filter(([name]) => !name.startsWith('worker'));
    const bytes = main.reduce((sum, [, size]) => sum + size, 0);
    console.log(`${path}: ${asked.length} requests, ${bytes} bytes for the main thread`);
    // The annex compares whole tables of two snapshots and holds a community against its norms.
    assert.ok(bytes < 397_000 + more(12_000), `${bytes} bytes of programs for the main thread`);
  }
  const { page, context, complaints } = await open(browser, here);
  await page.waitForSelector('table.of-place tbody tr');
  await page.click('.pages a[href*="/methods/"]');
  await page.waitForSelector('details.method');
  await page.goBack();
  await page.waitForSelector('table.of-place tbody tr');
  await page.click('.standing a[href*="view=table"]');
  await page.waitForSelector('#twin');
  await page.goBack();
  await page.waitForSelector('table.of-place tbody tr');
  await page.fill('#search', 'Response rate');
  await page.keyboard.press('Enter');
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('dialogs and folds of a chart bring their program when they open, and ask nothing twice', async () => {
  const asked = [];
  const { page, context, complaints } = await open(browser, '/en/data/whistle/?indicator=response_rate', {
    before: (page) => page.on('request', (request) => asked.push(request.url())),
  });
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  const workers = () => asked.filter((url) => url.includes('/worker-') && url.endsWith('.wasm')).length;
  assert.equal(workers(), 1);
  await page.click('.open-picture');
  await page.waitForSelector('img.picture');
  assert.equal(asked.filter((url) => url.includes('/annex-') && url.endsWith('.wasm')).length, 1);
  await page.click('dialog.picture .close');
  await page.click('.cite summary');
  await page.waitForSelector('.cite code');
  await page.locator('details.code summary').first().click();
  await page.waitForSelector('details.code .copy code');
  // Counted before the preview opens: that is a page of its own.
  assert.equal(workers(), 1, 'the annex needs no worker of its own for what the page has read');
  await page.click('.open-embed');
  await page.waitForSelector('dialog.embed .live-code code');
  assert.equal(asked.filter((url) => url.includes('/annex-') && url.endsWith('.wasm')).length, 1, 'loaded once');
  assert.deepEqual(complaints, []);
  await context.close();
});
