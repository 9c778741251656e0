// Every page, in every language, on a phone and a desk, in light and dark: it is there, it fits, axe finds no
// fault, and the content security policy blocks nothing.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, fits, languages, open, published, shot, site, start, violations, visitor } from './portal.mjs';

let browser;
const routes = [
  ['home', '', '#content .cards:not([aria-busy]) .value'],
  ['data', 'data', '.datasets .panel'],
  ['places', 'places', '.tree a'],
  ['commitments', 'commitments', '.claim, main [role=status]:not(.loading)'],
  ['changes', 'changes', 'main .panel, main select'],
  ['explorer', 'explorer', 'table.pivot tbody tr'],
  ['downloads', 'downloads', '.files a.button'],
  ['methods', 'methods', 'details.method'],
  ['protection', 'protection', 'table.protection tbody tr'],
  ['briefing', 'briefing', 'main [role=status]:not(.loading)'],
  ['about', 'about', '.prose'],
  ['nowhere', 'nowhere', '.notice h1'],
];
before(async () => {
  browser = await start();
  const { manifest, places } = await published();
  for (const { id, indicators } of manifest.datasets) {
    routes.push([id, `data/${id}`, indicators.length ? '#content svg.chart [tabindex], .withheld' : '.downloads a']);
  }
  const levels = new Map(places.map((place) => [place.level, place.code]));
  for (const [level, code] of levels) routes.push([level, `places/${code}`, 'table.of-place tbody tr']);
});
after(() => browser.close());

let runs = 0;
for (const language of languages) {
  for (const width of [390, 1280]) {
    for (const theme of ['light', 'dark']) {
      test(`every page ${language} ${width} px ${theme}`, async () => {
        const { page, complaints, context } = await visitor(browser, { width, theme });
        const titles = new Set();
        const wrong = [];
        for (const [name, path, mark] of routes) {
          const answer = await page.goto(`${site}/${language}/${path}${path && '/'}`);
          await page.waitForSelector(mark);
          assert.equal(answer.status(), name === 'nowhere' ? 404 : 200, path);
          assert.equal(await page.getAttribute('html', 'lang'), language);
          await page.waitForSelector('.demonstration');
          assert.equal(await page.locator('h1').count(), 1, `one h1 in ${path}`);
          titles.add(await page.title());
          await fits(page);
          await shot(page, `${name}-${language}-${width}-${theme}`);
          wrong.push(...(await violations(page)));
          runs++;
        }
        assert.equal(titles.size, routes.length, 'every page has a title of its own');
        for (const view of ['table', 'definition']) {
          await page.goto(`${site}/${language}/data/whistle/?view=${view}`);
          await page.waitForSelector(view === 'table' ? 'tbody tr' : '.facts');
          await fits(page);
          await shot(page, `whistle-${view}-${language}-${width}-${theme}`);
          wrong.push(...(await violations(page)));
          runs++;
        }
        assert.deepEqual(wrong, []);
        // The browser itself reports the page that is not there.
        assert.deepEqual(complaints.filter((it) => !it.includes('/nowhere')), []);
        await context.close();
      });
    }
  }
}

test('pages stand at 320 px, at 400% and without motion', async () => {
  const { page, context } = await visitor(browser, { width: 320, height: 640 });
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
  for (const [, path, mark] of routes) {
    await page.goto(`${site}/en/${path}${path && '/'}`);
    await page.waitForSelector(mark);
    await fits(page);
  }
  await context.close();
});

test('a place prints on A4 without what cannot be pressed on paper', async () => {
  const { page, context } = await visitor(browser);
  await page.goto(`${site}/en/${routes.find(([name]) => name === 'street')[1]}/`);
  await page.waitForSelector('table.of-place tbody tr');
  await page.emulateMedia({ media: 'print' });
  // Where it is from stands at the foot, pinned to its snapshot.
  assert.match(await page.locator('footer .print-only').innerText(), /^https?:.+snapshot=/);
  const sizes = await page.locator('table.of-place td:has(.note)').first().evaluate((cell) => [cell, cell.querySelector('.note')].map((it) => parseFloat(getComputedStyle(it).fontSize)));
  assert.ok(sizes[1] < sizes[0], `what stands beside a value is smaller: ${sizes}`);
  assert.ok(!(await page.locator('.pages').isVisible()));
  assert.equal(await page.locator('figure.strip a:visible, #take:visible').count(), 0);
  const tops = await page.evaluate(() => ['.legend', 'section[aria-labelledby^=of-]'].map((it) => document.querySelector(it).getBoundingClientRect().top));
  assert.ok(tops[0] < tops[1], 'what the marks mean comes before them');
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await context.close();
});

test('without JavaScript every page says what it is, and datasets lead to their files', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  const { manifest } = await published();
  for (const [language, short] of [['zh-CN', 'zh'], ['en', 'en']]) {
    for (const [name, path] of routes.filter(([name]) => name !== 'nowhere')) {
      await page.goto(`${site}/${language}/${path}${path && '/'}`);
      assert.equal(await page.getAttribute('html', 'lang'), language);
      const heading = await page.locator('h1').innerText();
      assert.ok(heading.length > 1 && (await page.title()).includes(heading), name);
      const told = (property) => page.getAttribute(`meta[property="og:${property}"]`, 'content');
      assert.equal(await told('title'), heading);
      assert.equal(await told('site_name'), manifest.title[short]);
      assert.ok(await page.locator('#first .demonstration').isVisible());
      assert.equal(await page.locator('#first nav.pages a').count(), 9);
      assert.ok(!(await page.locator('#failed').isVisible()));
      await fits(page);
    }
    for (const { id, title, indicators } of manifest.datasets) {
      await page.goto(`${site}/${language}/data/${id}/`);
      const told = (property) => page.getAttribute(`meta[property="og:${property}"]`, 'content');
      assert.equal(await page.locator('h1').innerText(), title[short]);
      const files = await page.locator('#first [role=main] li a').evaluateAll((all) => all.map((link) => link.href));
      assert.ok(files.length >= 3, id);
      for (const file of files.slice(0, 4)) assert.equal((await fetch(file, { method: 'HEAD' })).status, 200, file);
      // Where the portal's address is known, its charts can be found by other sites.
      const discovered = page.locator('link[type="application/json+oembed"]');
      const known = (await page.locator('link[hreflang]').count()) > 0;
      assert.equal(await discovered.count(), known && indicators.length ? 1 : 0);
      if (known && indicators.length) {
        const png = Buffer.from(await (await fetch(await told('image'))).arrayBuffer());
        assert.equal(png.toString('latin1', 1, 4), 'PNG');
        const size = [png.readUInt32BE(16), png.readUInt32BE(20)];
        assert.deepEqual(size.map(String), [await told('image:width'), await told('image:height')]);
        writeFileSync(new URL(`./screenshots/og-${id}-${language}.png`, import.meta.url), png);
      }
      if (await discovered.count()) {
        const answer = await (await fetch(await discovered.getAttribute('href'))).json();
        assert.equal(answer.type, 'rich');
        const framed = answer.html.match(/src="([^"]+)"/)[1];
        assert.equal((await fetch(framed)).status, 200, framed);
      }
    }
  }
  await shot(page, 'without-javascript');
  await context.close();
});

/** What a chart says, mark by mark. */
const marks = (svg) => svg.locator('[data-key]').evaluateAll((all) => all.map((mark) => mark.getAttribute('aria-label')));

test('the first view in the file of a page says what the program says later', async () => {
  const { manifest } = await published();
  const charted = manifest.datasets.filter(({ indicators }) => indicators.length).map(({ id }) => id);
  for (const [language, width] of [['zh-CN', 390], ['en', 1280]]) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 800 } });
    const still = await context.newPage();
    await still.goto(`${site}/${language}/`);
    const visit = await open(browser, `/${language}/`, { width });
    await visit.page.waitForSelector('#content .cards:not([aria-busy]) .value');
    const values = (page) => page.locator('.card').evaluateAll((all) => all.map((card) => card.innerText.trim()));
    assert.deepEqual(await values(still), await values(visit.page));
    assert.equal((await values(still)).length, manifest.headlines.length);
    await shot(still, `first-home-${language}`);
    for (const id of charted) {
      const path = `/${language}/data/${id}/`;
      await still.goto(site + path);
      assert.ok(await still.locator('#drawn .unchecked').isVisible());
      const [narrow, broad] = ['narrow', 'broad'].map((name) => still.locator(`#drawn .svg.${name}`));
      assert.deepEqual([await narrow.isVisible(), await broad.isVisible()], [width < 640, width >= 640]);
      await fits(still);
      await visit.page.goto(site + path);
      await visit.page.waitForSelector('#content svg.chart [tabindex]');
      const live = visit.page.locator('main');
      const first = width < 640 ? narrow : broad;
      assert.equal(await still.locator('#drawn .finding').innerText(), await live.locator('.finding').innerText());
      assert.deepEqual(await marks(first), await marks(live));
      assert.equal(await still.locator('#drawn tbody tr').count(), (await marks(first)).length, id);
      await shot(still, `first-${id}-${language}`);
    }
    assert.deepEqual(visit.complaints, []);
    await visit.context.close();
    await context.close();
  }
});

test('the first view keeps out of the way of an address that asks for another one', async () => {
  const whistle = '/en/data/whistle/';
  for (const [query, visible, theme] of [
    ['', true, null],
    ['?theme=dark', true, 'dark'],
    ['?indicator=response_rate', false, null],
    ['?snapshot=2019-12-r1&theme=light', false, 'light'],
  ]) {
    // The program does not come: what is seen is the file alone.
    const before = (page) => page.route(/\/(app|start)-[^/]*\.js/, (route) => route.abort());
    const { page, context } = await open(browser, whistle + query, { before });
    assert.equal(await page.locator('#drawn').isVisible(), visible, query);
    assert.equal(await page.getAttribute('html', 'data-theme'), theme, query);
    await accessible(page);
    await context.close();
  }
});

test('the header in the file of a page is as high as that of the program', async () => {
  for (const width of [390, 1280]) {
    for (const path of ['', 'data/whistle/', 'places/', 'methods/']) {
      const before = (page) => page.route(/\/(app|annex|start)-[^/]*\.js/, (route) => route.abort());
      const still = await open(browser, `/en/${path}`, { width, before });
      const first = await still.page.locator('#first .top').evaluate((top) => top.offsetHeight);
      const links = (page, nav) => page.locator(nav).evaluateAll((all) => all.map((link) => link.textContent.trim() + link.ariaCurrent));
      const told = await links(still.page, '#first .pages a');
      await still.context.close();
      const live = await open(browser, `/en/${path}`, { width });
      await live.page.waitForSelector('header .pages a');
      const header = await live.page.locator('header').evaluate((header) => header.offsetHeight);
      assert.ok(Math.abs(first - header) <= 2, `${path} at ${width} px: ${first}, then ${header}`);
      assert.deepEqual(told, await links(live.page, 'header .pages a'));
      await live.context.close();
    }
  }
});

test('axe was run', (context) => {
  context.diagnostic(`axe runs: ${runs}`);
  assert.ok(runs >= 8 * 12);
});

test('nothing moves while a page comes', async () => {
  const street = routes.find(([name]) => name === 'street');
  const paths = ['en/', 'en/data/whistle/', `en/${street[1]}/`, 'en/embed/whistle/'];
  for (const [width, height] of [[412, 823], [1280, 900]]) {
    for (const path of paths) {
      const { page, context } = await visitor(browser, { width, height });
      // Slow enough that what stands there first is seen.
      await context.route(/\.(parquet|json)$/, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await route.continue();
      });
      await page.addInitScript(() => {
        window.moved = 0;
        new PerformanceObserver((list) => {
          for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(`${site}/${path}`);
      await page.waitForSelector('#content .cards:not([aria-busy]) .value, svg.chart [tabindex], table.of-place tbody tr');
      await page.waitForLoadState('networkidle');
      const moved = await page.evaluate(() => window.moved);
      assert.ok(moved < 0.05, `${path} at ${width} px moves by ${moved}`);
      await context.close();
    }
  }
});
