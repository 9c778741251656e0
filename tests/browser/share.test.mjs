// What a reader takes along: pictures and the briefing.
import assert from 'node:assert/strict';
import { copyFile, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { accessible, fits, open, published, shot, site, start, visitor } from './portal.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser.close());
const drawn = (page) => page.waitForSelector('svg.chart [data-key][tabindex]');

async function dialog(path, who) {
  const visit = await visitor(browser, who);
  await visit.page.goto(site + path);
  await drawn(visit.page);
  await visit.page.click('.open-picture');
  await visit.page.waitForSelector('dialog.picture[open] img.picture');
  return visit;
}

async function download(page, selector) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
  const path = await download.path();
  return { name: download.suggestedFilename(), path, bytes: await readFile(path) };
}

const code = (bytes) => {
  const { data, width, height } = PNG.sync.read(bytes);
  return (jsQR.default ?? jsQR)(new Uint8ClampedArray(data), width, height)?.data;
};

test('pictures have the right size, and their code leads to the pinned view', async () => {
  const { manifest } = await published();
  for (const [language, query] of [['en', 'indicator=response_rate'], ['zh-CN', 'indicator=whistles&level=district&breakdown=tier&period=2020']]) {
    const { page, context, complaints } = await dialog(`/${language}/data/whistle/?${query}&theme=dark`);
    for (const [shape, width, height] of [['wide', 2560, 1440], ['square', 2160, 2160]]) {
      await page.check(`[name=shape][value=${shape}]`);
      const { name, bytes } = await download(page, '.save-png');
      assert.match(name, new RegExp(`^whistle-.*-${manifest.id}-.*\\.png$`));
      const { width: w, height: h } = PNG.sync.read(bytes);
      assert.deepEqual([w, h], [width, height]);
      const url = new URL(code(bytes));
      assert.equal(url.origin + url.pathname, `${site}/${language}/data/whistle/`);
      assert.equal(url.searchParams.get('snapshot'), manifest.id);
      assert.equal(url.searchParams.get('indicator'), new URLSearchParams(query).get('indicator'));
      for (const name of ['level', 'granularity', 'period']) assert.ok(url.searchParams.get(name), name);
      assert.equal(url.searchParams.get('theme'), null);
    }
    await accessible(page);
    await fits(page);
    await shot(page, `picture-${language}`);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('the SVG stands alone and says where it comes from', async () => {
  const { manifest } = await published();
  const { page, context } = await dialog('/en/data/whistle/?indicator=response_rate');
  const { name, bytes } = await download(page, '.save-svg');
  const svg = bytes.toString();
  assert.match(name, /\.svg$/);
  for (const part of ['Response rate', manifest.id, manifest.publisher.en, 'Demonstration data', 'picture made on 20', `snapshot=${manifest.id}`]) {
    assert.ok(svg.includes(part), part);
  }
  assert.ok(!/<script|href=|@import|var\(/.test(svg));
  await page.goto('about:blank');
  const sound = await page.evaluate((svg) => new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror')?.textContent, svg);
  assert.equal(sound, undefined);
  await context.close();
});

test('a picture goes to the clipboard; without one the page says what to do', async () => {
  const { page, context } = await dialog('/en/data/whistle/?indicator=response_rate');
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site });
  await page.click('.copy-png');
  await page.waitForFunction(() => /clipboard/.test(document.querySelector('.made').textContent));
  const size = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return (await createImageBitmap(await item.getType('image/png'))).width;
  });
  assert.equal(size, 2560);
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.click('.copy-png');
  await page.waitForFunction(() => /Save the PNG/.test(document.querySelector('.made').textContent));
  await context.close();
});

test('the address is handed to the system, or copied where the system has nothing for it', async () => {
  const place = (await published()).places.find(({ level }) => level === 'street');
  for (const [path, ready] of [['/en/data/whistle/?indicator=response_rate&theme=dark', 'svg.chart [data-key][tabindex]'], [`/en/places/${place.code}/?theme=dark`, 'table.of-place tbody tr']]) {
    const { page, context } = await open(browser, path);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(site).origin });
    await page.waitForSelector(ready);
    // The section that the reader has jumped to goes along.
    const section = await page.evaluate(() => document.querySelector('main a[href^="#of-"]')?.hash ?? '');
    if (section) await page.click(`main a[href="${section}"]`);
    const address = `${site}${path.replace(/.theme=dark/, '')}${section}`;
    await page.evaluate(() => Object.defineProperty(navigator, 'share', { value: undefined, configurable: true }));
    await page.click('.hand-on');
    await page.waitForFunction(() => document.querySelector('.hand-on + [role=status]').textContent === 'Link copied');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
    await page.evaluate(() => Object.defineProperty(navigator, 'share', { value: (it) => Promise.resolve((window.handed = it.url)), configurable: true }));
    await page.click('.hand-on');
    await page.waitForFunction((address) => window.handed === address, address);
    await page.waitForFunction(() => document.querySelector('.hand-on + [role=status]').textContent === '');
    await context.close();
  }
});

test('charts are collected in the address, put in order, and taken out again', async () => {
  const { page, context, complaints } = await visitor(browser);
  await page.goto(`${site}/en/briefing/`);
  await page.waitForSelector('main [role=status]:not(.loading)');
  await accessible(page);
  await page.goto(`${site}/en/data/whistle/?indicator=response_rate`);
  await drawn(page);
  await page.click('.collect');
  await page.waitForSelector('.collected');
  await page.locator('select[name=indicator]').selectOption('whistles');
  await page.waitForSelector('.collect');
  await page.click('.collect');
  await page.waitForSelector('.collected');
  // The basket follows to another page, and to another dataset: through the crumbs too, drawn before all was collected.
  await page.click('.crumbs a >> nth=-1');
  await page.waitForSelector('.datasets .panel');
  assert.match(await page.locator('.briefing-link').innerText(), /\(2\)/);
  await page.click('.pages a[href*="/places/"]');
  await page.waitForSelector('.tree a');
  assert.match(await page.locator('.briefing-link').innerText(), /\(2\)/);
  await page.click('.pages a[href*="/data/"]');
  await page.click('.datasets a[href*="/data/space/"]');
  await drawn(page);
  await page.click('.collect');
  await page.click('.collected');
  await page.waitForSelector('.briefing:nth-of-type(3) svg.chart >> visible=true');
  const titles = () => page.locator('.briefing h2').allInnerTexts();
  const [first, second, third] = await titles();
  assert.match(first, /Response rate/);
  await page.reload();
  await page.waitForSelector('.briefing:nth-of-type(3) svg.chart >> visible=true');
  await page.click('.briefing:nth-of-type(2) a.button >> nth=0');
  await page.waitForFunction((title) => document.querySelector('.briefing h2')?.textContent === title, second);
  await page.click('.briefing:nth-of-type(1) a.button');
  await page.waitForFunction(() => document.querySelectorAll('.briefing').length === 2);
  assert.deepEqual(await titles(), [first, third]);
  const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
  assert.deepEqual(stored, [0, 0, '']);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a briefing of a dataset that is not there says so', async () => {
  const { page, context } = await visitor(browser);
  await page.goto(`${site}/en/briefing/?basket=nothing!indicator*x`);
  await page.waitForSelector('.notice h1');
  assert.match(await page.locator('.notice h1').innerText(), /no dataset “nothing”/);
  await context.close();
});

const basket = 'basket=whistle!indicator*response_rate~whistle!indicator*whistles!level*district!breakdown*tier!period*2020';

for (const [language, theme, width] of [['en', 'light', 1280], ['zh-CN', 'dark', 390]]) {
  test(`a briefing is accessible and prints on A4: ${language} ${theme} ${width}`, async () => {
    const { page, context, complaints } = await visitor(browser, { theme, width });
    await page.goto(`${site}/${language}/briefing/?${basket}`);
    await page.waitForSelector('.briefing:nth-of-type(2) svg.chart >> visible=true');
    await fits(page);
    await accessible(page);
    await shot(page, `briefing-${language}-${width}`);
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['.pages', '.briefing a.button', '.save-html', '.cite']) {
      assert.ok(!(await page.locator(hidden).first().isVisible()), hidden);
    }
    // A table that is folded on a screen is open on paper.
    for (const row of await page.locator('.briefing tbody tr:last-child').all()) assert.ok(await row.isVisible());
    assert.ok(await page.locator('.demonstration').isVisible());
    assert.match(await page.locator('footer .print-only').innerText(), /basket=.*snapshot=|snapshot=.*basket=/);
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, path: new URL(`./screenshots/briefing-${language}.pdf`, import.meta.url).pathname });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('a briefing saves as one file that works offline, with its data', async () => {
  const { manifest } = await published();
  const { page, context } = await visitor(browser);
  await page.goto(`${site}/en/briefing/?${basket}`);
  await page.waitForSelector('.briefing:nth-of-type(2) svg.chart >> visible=true');
  await page.fill('.briefing-name input', 'Whistles <b>2020</b>');
  // The title is kept in the address, with the charts: a reload and a shared link have it.
  await page.press('.briefing-name input', 'Enter');
  await page.waitForFunction(() => decodeURIComponent(location.search).includes('basket=*Whistles <b>2020</b>~whistle!'));
  await page.reload();
  await page.waitForSelector('.briefing:nth-of-type(2) svg.chart >> visible=true');
  assert.equal(await page.locator('main h1').innerText(), 'Whistles <b>2020</b>');
  assert.equal(await page.locator('.briefing').count(), 2);
  const { name, path, bytes } = await download(page, '.save-html');
  assert.equal(name, `briefing-${manifest.id}.html`);
  const offline = await browser.newContext({ offline: true });
  const file = await offline.newPage();
  const requests = [];
  const complaints = [];
  file.on('request', (request) => requests.push(request.url()));
  file.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  // Chromium opens a download without an ending as text.
  await copyFile(path, `${path}.html`);
  await context.close();
  await file.goto(pathToFileURL(`${path}.html`).href);
  assert.equal(await file.locator('h1').innerText(), 'Whistles <b>2020</b>');
  assert.equal(await file.locator('svg.chart').count(), 2);
  assert.equal(await file.locator('.mark').count(), 1);
  assert.ok(await file.locator('tbody tr').count() > 3);
  await file.emulateMedia({ media: 'print' });
  for (const row of await file.locator('tbody tr:first-child').all()) assert.ok(await row.isVisible(), 'tables are open on paper');
  await file.emulateMedia({ media: null });
  assert.equal(requests.length, 1);
  assert.deepEqual(complaints, []);
  await accessible(file);
  await shot(file, 'briefing-file');
  const csv = decodeURIComponent((await file.locator('a[download]').first().getAttribute('href')).split(',').slice(1).join(','));
  assert.ok(csv.startsWith('\ufeffsnapshot,demonstration,indicator'));
  assert.ok(csv.includes(`${manifest.id},true,response_rate,`));
  const href = await file.locator('a[href^=http]').first().getAttribute('href');
  assert.match(href, new RegExp(`snapshot=${manifest.id}`));
  // The code on paper leads to the same view.
  await file.locator('svg.code').first().evaluate((code) => { code.style.width = code.style.height = '300px'; });
  assert.equal(code(await file.locator('svg.code').first().screenshot()), href);
  assert.ok(bytes.length < 500_000);
  await offline.close();
});
