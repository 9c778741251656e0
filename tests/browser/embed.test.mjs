// A chart inside another site's page: what it loads, what it says, who may frame what.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { accessible, fits, languages, published, shot, site, start, visitor } from './portal.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser.close());
const drawn = (frame) => frame.waitForSelector('svg.chart [data-key][tabindex]');

/** A page of another site, at another origin, under a strict policy of its own. */
async function elsewhere(body, policy = `default-src 'none'; script-src ${site}; frame-src ${site}`) {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy });
    response.end(`<!doctype html><html lang="en"><title>Elsewhere</title><body><h1>A press page</h1>${body}</body></html>`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** The codes of the dialog on a dataset page. */
async function codes(path) {
  const { page, context, complaints } = await visitor(browser);
  await page.goto(site + path);
  await drawn(page);
  await page.click('.open-embed');
  await page.waitForSelector('dialog.embed[open] iframe');
  await drawn(await (await page.waitForSelector('dialog.embed iframe')).contentFrame());
  // The height follows the preview.
  await page.waitForFunction(() => document.querySelector('[name=embed-height]').value !== '560');
  const read = (name) => page.locator(`.${name} code`).innerText();
  const found = { live: await read('live-code'), pinned: await read('pinned-code'), page, context, complaints };
  return found;
}

test('the dialog gives a live and a pinned code that follow language, theme and height', async () => {
  const { live, pinned, page, context, complaints } = await codes('/en/data/whistle/?indicator=whistles&level=district&theme=light');
  const { manifest } = await published();
  assert.match(live, /<iframe src="[^"]*\/en\/embed\/whistle\/\?[^"]*indicator=whistles/);
  // What is shown is named, so that it stays when the portal opens on another view; the period is that of the newest.
  assert.match(live, /indicator=whistles&amp;level=district&amp;granularity=\w+"/);
  assert.match(pinned, /&amp;granularity=\w+&amp;period=\w+&amp;snapshot=/);
  assert.ok(!live.includes('snapshot=') && pinned.includes(`snapshot=${manifest.id}`));
  assert.ok(!live.includes('theme=') && !live.includes('style='));
  await page.selectOption('[name=embed-language]', 'zh-CN');
  await page.selectOption('[name=embed-theme]', 'dark');
  await page.fill('[name=embed-height]', '480');
  await page.press('[name=embed-height]', 'Tab');
  const changed = await page.locator('.pinned-code code').innerText();
  assert.match(changed, /\/zh-CN\/embed\/whistle\//);
  assert.match(changed, /theme=dark/);
  assert.match(changed, /height="480"/);
  assert.match(changed, /title="[^"]*吹哨/);
  const frame = await (await page.waitForSelector('dialog.embed iframe')).contentFrame();
  await frame.waitForSelector('html[lang="zh-CN"][data-theme=dark] svg.chart');
  await accessible(page);
  await fits(page);
  await shot(page, 'embed-dialog');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog.embed:not([open])', { state: 'attached' });
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains('open-embed')), 'the focus comes back');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the code works in a foreign page under a strict policy: the frame fits itself, and nothing is blocked', async () => {
  const { live, context: first } = await codes('/en/data/whistle/?indicator=response_rate');
  await first.close();
  const other = await elsewhere(live.replace(/height="\d+"/, 'height="200"'));
  const { page, context, complaints } = await visitor(browser, { width: 800 });
  await page.goto(other.url);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await drawn(frame);
  await page.waitForFunction(() => Number(document.querySelector('iframe').height) > 400);
  const inside = () => frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
  const outside = () => page.evaluate(() => Number(document.querySelector('iframe').height));
  assert.equal(await outside(), await inside());
  await frame.click('summary');
  const opened = await inside();
  await page.waitForFunction((height) => Number(document.querySelector('iframe').height) === height, opened);
  await shot(page, 'embed-elsewhere');
  assert.deepEqual(complaints, []);
  await context.close();
  other.close();
});

test('without the script the fixed height stands', async () => {
  const { live, context: first } = await codes('/en/data/whistle/?indicator=response_rate');
  await first.close();
  const other = await elsewhere(live.replace(/<script.*/s, '').replace(/height="\d+"/, 'height="321"'), `default-src 'none'; frame-src ${site}`);
  const { page, context, complaints } = await visitor(browser, { width: 800 });
  await page.goto(other.url);
  await drawn(await (await page.waitForSelector('iframe')).contentFrame());
  assert.equal(await page.evaluate(() => document.querySelector('iframe').getBoundingClientRect().height), 321);
  assert.deepEqual(complaints, []);
  await context.close();
  other.close();
});

test('the resizer hears nobody but the portal’s own frames', async () => {
  const other = await elsewhere(
    `<iframe id="ours" title="chart" src="${site}/en/embed/whistle/?indicator=response_rate" height="300"></iframe>
     <iframe id="theirs" title="other" src="${site.replace('127.0.0.1', 'localhost')}/en/embed/whistle/" height="300"></iframe>
     <script src="${site}/embed.js"></script>`,
    `default-src 'none'; script-src ${site}; frame-src ${site} ${site.replace('127.0.0.1', 'localhost')}`,
  );
  const { page, context } = await visitor(browser, { width: 800 });
  await page.goto(other.url);
  const heights = () => page.evaluate(() => ['ours', 'theirs'].map((id) => Number(document.getElementById(id).height)));
  await page.waitForFunction(() => Number(document.getElementById('ours').height) > 400);
  await drawn(await (await page.$('#theirs')).contentFrame());
  const before = await heights();
  assert.equal(before[1], 300, 'a frame of another origin is left alone');
  // A message of the page itself: the right words, the wrong origin and source.
  await page.evaluate(() => window.postMessage({ mingshi: 'height', height: 5000 }, '*'));
  // A frame of the portal that speaks nonsense.
  const ours = await (await page.$('#ours')).contentFrame();
  for (const height of ['9e9', -1, null, 'x', {}]) {
    await ours.evaluate((height) => parent.postMessage({ mingshi: 'height', height }, '*'), height);
  }
  await ours.evaluate(() => parent.postMessage({ mingshi: 'height', height: 777 }, '*'));
  await page.waitForFunction(() => document.getElementById('ours').height === '777');
  assert.deepEqual(await heights(), [777, 300]);
  await context.close();
  other.close();
});

test('other sites may frame embeds and nothing else', async () => {
  const refused = [];
  for (const path of ['/en/data/whistle/', '/en/', '/', '/en/nowhere', '/404.html', '/catalogue.json', '/en/embed/nothing/']) {
    const answer = await fetch(site + path);
    assert.match(answer.headers.get('content-security-policy'), /frame-ancestors 'none'/, path);
    assert.equal(answer.headers.get('x-frame-options'), 'DENY', path);
  }
  const answer = await fetch(`${site}/en/embed/whistle/`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-security-policy'), /frame-ancestors \*$/);
  assert.equal(answer.headers.get('x-frame-options'), null);
  const other = await elsewhere(`<iframe title="page" src="${site}/en/data/whistle/"></iframe>`);
  const { page, context } = await visitor(browser);
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  await page.goto(other.url);
  await page.waitForTimeout(1500);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  assert.equal(await frame.locator('svg.chart').count(), 0);
  assert.match(refused.join(), /frame-ancestors|frame/i);
  await context.close();
  other.close();
});

/** The JSON twin of a table, small enough for an embed to read it whole. */
const isTwin = (file, path) => file.path === path.replace('.parquet', '.json') && file.bytes <= 256 * 1024;

test('an embed loads far less than the portal, and a small table needs no worker', async () => {
  const load = async (path) => {
    const { page, context } = await visitor(browser);
    const sizes = [];
    context.on('response', async (response) => {
      const sizes_ = await response.request().sizes().catch(() => ({ responseBodySize: 0 }));
      sizes.push({ url: response.url(), bytes: sizes_.responseBodySize });
    });
    await page.goto(site + path);
    await drawn(page);
    await page.waitForLoadState('networkidle');
    const workers = page.workers().length;
    await context.close();
    const code = sizes.filter(({ url }) => /\.(js|wasm)$/.test(url));
    const sum = (list) => list.reduce((all, { bytes }) => all + bytes, 0);
    return { requests: sizes.length, bytes: sum(sizes), code: sum(code), workers };
  };
  const { manifest } = await published();
  const whistle = manifest.datasets.find(({ id }) => id === 'whistle');
  const small = whistle.breakdowns.find(({ path }) => manifest.files.some((file) => isTwin(file, path)));
  assert.ok(small, 'the snapshot has a small JSON twin');
  const twin = await load(`/en/embed/whistle/?breakdown=${small.id}`);
  const large = await load('/en/embed/whistle/?indicator=response_rate');
  const portal = await load('/en/data/whistle/?indicator=response_rate');
  for (const [name, it] of Object.entries({ twin, large, portal })) console.log(name, JSON.stringify(it));
  assert.equal(twin.workers, 0);
  assert.ok(twin.code <= 200_000, `${twin.code} bytes of code`);
  assert.ok(twin.code < portal.code / 2);
  assert.ok(large.code < portal.code);
});

test('a damaged twin is refused', async () => {
  const { manifest } = await published();
  const whistle = manifest.datasets.find(({ id }) => id === 'whistle');
  const small = whistle.breakdowns.find(({ path }) => manifest.files.some((file) => isTwin(file, path)));
  const { page, context } = await visitor(browser);
  await page.route(`**/${small.path.replace('.parquet', '.json')}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/[1-9]/, '0') });
  });
  await page.goto(`${site}/en/embed/whistle/?breakdown=${small.id}`);
  await page.waitForSelector('.state.gone');
  assert.match(await page.locator('h1').innerText(), /damaged/);
  assert.equal(await page.locator('svg.chart').count(), 0);
  await context.close();
});

test('an embed says whether it is up to date, superseded or gone', async () => {
  const { manifest, releases } = await published();
  const { page, context } = await visitor(browser);
  const says = async (query) => {
    await page.goto(`${site}/en/embed/whistle/?indicator=response_rate${query}`);
    await page.waitForSelector('.state');
    return page.locator('.state').innerText();
  };
  assert.match(await says(''), /Newest snapshot.*Follows/);
  assert.match(await says(`&snapshot=${manifest.id}`), /Pinned.*the newest/);
  assert.match(await says('&snapshot=1999-01-r1'), /withdrawn, or never published/);
  assert.equal(await page.locator('svg.chart').count(), 0);
  // As it will be after the next snapshot: the catalogue names one more, whose files are the same.
  const next = { ...releases.at(-1), number: releases.length + 1, snapshot: '2021-01-r1' };
  await page.route('**/catalogue.json', async (route) => {
    const catalogue = await (await route.fetch()).json();
    await route.fulfill({ json: { ...catalogue, releases: [...catalogue.releases, next] } });
  });
  assert.match(await says(`&snapshot=${manifest.id}`), /Superseded: the newest is 2021-01-r1/);
  assert.equal(await page.locator('svg.chart').count(), 1, 'the pinned chart stays');
  assert.match(await page.locator('.state a').getAttribute('href'), /\/en\/data\/whistle\/\?indicator=response_rate$/);
  await shot(page, 'embed-superseded');
  await context.close();
});

for (const language of languages) {
  for (const theme of ['light', 'dark']) {
    test(`embeds are accessible and fit: ${language} ${theme}`, async () => {
      const { page, complaints, context } = await visitor(browser, { theme });
      for (const width of [320, 900]) {
        await page.setViewportSize({ width, height: 700 });
        for (const query of ['indicator=response_rate', 'indicator=whistles&breakdown=category&period=2020', 'indicator=whistles&level=community']) {
          await page.goto(`${site}/${language}/embed/whistle/?${query}`);
          await page.waitForSelector('footer');
          await page.waitForSelector('.demonstration');
          assert.equal(await page.getAttribute('html', 'lang'), language);
          await fits(page);
          await accessible(page);
          await shot(page, `embed-${language}-${theme}-${width}-${query.length}`);
        }
      }
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }
}

test('a keyboard reads the marks of an embed, and its table holds the same', async () => {
  const { page, context } = await visitor(browser);
  await page.goto(`${site}/en/embed/whistle/?indicator=resolution_rate&level=district&period=2020`);
  await drawn(page);
  await page.locator('svg.chart [tabindex="0"]').focus();
  const first = await page.locator('.readout').innerText();
  assert.match(first, /\d.*÷.*\d/);
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await page.locator('.readout').innerText(), first);
  await page.click('summary');
  assert.equal(await page.locator('tbody tr').count(), await page.locator('svg.chart [data-key]').count());
  await context.close();
});

test('text in an embed’s address is never markup', async () => {
  const evil = encodeURIComponent('<img src=x onerror=alert(1)>');
  const { page, context, complaints } = await visitor(browser);
  await page.goto(`${site}/en/embed/whistle/?indicator=${evil}&places=${evil}&theme=${evil}`);
  await drawn(page);
  await page.goto(`${site}/en/embed/whistle/?snapshot=${evil}`);
  await page.waitForSelector('.state.gone');
  assert.equal(await page.locator('img').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});
