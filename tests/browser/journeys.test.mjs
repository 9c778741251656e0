// What readers do: switch, choose, go back, reload, use the keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, open, published, shot, site, start } from './portal.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser.close());
const drawn = (page) => page.waitForSelector('svg.chart [data-key][tabindex]');

test('the start page leads to Chinese', async () => {
  const { page, context } = await open(browser, '/');
  await page.waitForURL('**/zh-CN/**');
  await page.waitForSelector('#content .cards:not([aria-busy]) .value');
  await context.close();
});

test('the language switch keeps the rest of the address', async () => {
  const { page, context } = await open(browser, '/en/data/whistle?indicator=whistles&level=district&granularity=quarter&period=all');
  await drawn(page);
  await page.click('a.language');
  await page.waitForURL('**/zh-CN/data/whistle/?indicator=whistles&level=district&granularity=quarter&period=all');
  await page.waitForSelector('html[lang=zh-CN]');
  await drawn(page);
  await page.waitForSelector('svg.chart .line');
  await context.close();
});

test('a choice is in the address; back, forward and reload follow it', async () => {
  const { page, context, complaints } = await open(browser, '/en/data/whistle');
  await drawn(page);
  const select = page.locator('select[name=indicator]');
  const first = await select.inputValue();
  const other = first === 'response_rate' ? 'satisfaction' : 'response_rate';
  await select.selectOption(other);
  await page.waitForURL(`**indicator=${other}*`);
  await drawn(page);
  await page.click('[data-view=table]');
  await page.waitForSelector('tbody tr');
  await page.reload();
  await page.waitForSelector('tbody tr');
  assert.equal(await page.locator('select[name=indicator]').inputValue(), other);
  await page.goBack();
  await drawn(page);
  await page.goBack();
  await page.waitForFunction((id) => document.querySelector('select[name=indicator]').value === id, first);
  await page.goForward();
  await page.waitForFunction((id) => document.querySelector('select[name=indicator]').value === id, other);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('every column of the table sorts, by keyboard too, and says so', async () => {
  const { page, context } = await open(browser, '/en/data/whistle?view=table');
  await page.waitForSelector('tbody tr');
  await page.waitForFunction(() => [...document.querySelectorAll('#door-table [role=status]')].some((it) => /^Table, \d+ rows$/.test(it.textContent)));
  const heads = await page.locator('thead th').count();
  const status = page.locator('#door-table [role=status]').first();
  for (let at = 0; at < heads; at++) {
    const head = page.locator('thead th').nth(at);
    const button = head.locator('button');
    const title = await button.innerText();
    await button.focus();
    for (const order of ['ascending', 'descending']) {
      await page.keyboard.press('Enter');
      await page.waitForFunction(([at, order]) => document.querySelectorAll('thead th')[at].ariaSort === order, [at, order]);
      assert.equal(await status.innerText(), `Sorted by ${title}, ${order}`);
      // Nothing that comes later takes the focus away.
      await page.waitForTimeout(100);
      assert.ok(await button.evaluate((it) => it === document.activeElement), `${title}, ${order}`);
    }
  }
  await context.close();
});

test('a keyboard reaches the marks and hears them', async () => {
  const { page, context } = await open(browser, '/en/data/whistle?indicator=response_rate');
  await drawn(page);
  const mark = page.locator('svg.chart [data-key][tabindex="0"]').first();
  await mark.focus();
  await page.waitForSelector('.tooltip');
  assert.match(await page.locator('.drawing .spoken').innerText(), /\d.*÷.*\d/);
  await shot(page, 'tooltip');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.tooltip', { state: 'detached' });
  await context.close();
});

test('an unknown page, dataset and snapshot each say so', async () => {
  for (const path of ['/en/nowhere', '/en/data/nothing', '/en/?snapshot=1999-01-r1']) {
    const { page, context } = await open(browser, path);
    await page.waitForSelector('.notice h1');
    assert.match(await page.locator('.notice h1').first().innerText(), /no|没有/);
    await context.close();
  }
});

test('the search box finds a place by Chinese, pinyin, initials, English and code', async (t) => {
  const { places } = await published();
  const place = places.find(({ level, pinyin }) => level === 'district' && pinyin);
  if (!place) return t.skip('the register has no pinyin');
  const syllables = place.pinyin.split(' ');
  const queries = [place.name.zh, syllables.join(''), place.pinyin.toUpperCase(), syllables.map((it) => it[0]).join(''), place.name.en, place.code];
  const { page, context } = await open(browser, '/en/about/');
  await page.waitForSelector('.prose');
  for (const query of queries) {
    await page.fill('#search', query);
    await page.waitForSelector('.found a');
    const found = await page.locator('.found a').first().getAttribute('href');
    assert.match(found, new RegExp(`/places/${place.code}/`), query);
  }
  await page.fill('#search', place.code);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/places/${place.code}/**`);
  await page.waitForSelector('table.of-place tbody tr');
  assert.match(await page.locator('h1').innerText(), new RegExp(place.name.en));
  await page.fill('#search', '<b>nothing</b>');
  await page.waitForSelector('.found p');
  await context.close();
});

test('the search box is a combobox: what is not certain is chosen in its list, and the page opens at its top', async () => {
  const { places } = await published();
  const { page, context } = await open(browser, '/zh-CN/data/', { width: 390, touch: true });
  await page.waitForSelector('h1');
  const box = page.locator('#search');
  await page.fill('#search', '社区');
  await page.waitForSelector('.found [role=option]');
  assert.equal(await page.locator('.found [role=option]').count(), 8);
  assert.match(await page.locator('.search [role=status]').innerText(), /前 8 项/);
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  await accessible(page);
  await fits(page);
  const address = page.url();
  await page.keyboard.press('Enter');
  const active = async () => page.locator(`#${await box.getAttribute('aria-activedescendant')}`);
  assert.equal(page.url(), address);
  assert.equal(await (await active()).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.found', { state: 'detached' });
  assert.ok(await box.evaluate((it) => it === document.activeElement));
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  await page.fill('#search', '社区');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const second = await (await active()).getAttribute('href');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${second}`);
  await page.waitForSelector('table.of-place tbody tr, svg.chart [data-key]');
  assert.equal(await page.evaluate(() => scrollY), 0);
  // A whole name is certain, whatever else begins with it.
  const district = places.find(({ level }) => level === 'district');
  await page.fill('#search', district.name.zh);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/places/${district.code}/**`);
  await context.close();
});

test('a level that is published by another length of period says so, and is opened by it', async (t) => {
  const { manifest } = await published();
  const dataset = manifest.datasets.find(({ id }) => id === 'whistle');
  const tables = dataset.tables.filter(({ breakdown }) => breakdown === 'total');
  const shown = (it) => it.status === 'published';
  const withheld = tables.find((it) => !shown(it) && tables.some((other) => shown(other) && other.indicator === it.indicator && other.level === it.level)
    && tables.some((other) => shown(other) && other.indicator === it.indicator && other.granularity === it.granularity));
  if (!withheld) return t.skip('every level is published by every length of period, or by none');
  const { page, context } = await open(browser, `/zh-CN/data/whistle/?indicator=${withheld.indicator}&level=${tables.find((it) => shown(it) && it.indicator === withheld.indicator && it.granularity === withheld.granularity).level}&granularity=${withheld.granularity}`);
  await drawn(page);
  const level = page.locator('select[name=level]');
  assert.match(await level.locator(`option[value=${withheld.level}]`).innerText(), /（按(年|季度|月)）$/);
  await level.selectOption(withheld.level);
  await drawn(page);
  assert.equal(new URL(page.url()).searchParams.get('granularity'), null);
  assert.equal(await level.inputValue(), withheld.level);
  await context.close();
});

test('a place that is added leaves the box to the next one', async () => {
  const { page, context } = await open(browser, '/en/data/whistle/?indicator=response_rate&level=district&granularity=year&period=all');
  await drawn(page);
  const box = page.locator('select[name=places]');
  for (const count of [1, 2]) {
    await box.selectOption({ index: 2 });
    await page.waitForFunction((count) => document.querySelectorAll('.chips .chip').length === count, count);
    assert.equal(await box.inputValue(), '');
    assert.equal(await box.evaluate((it) => it.selectedOptions[0].textContent), 'Choose a place…');
  }
  await context.close();
});

test('a finger opens a tooltip', async () => {
  const { page, context } = await open(browser, '/en/data/whistle/?indicator=whistles', { width: 390, touch: true });
  await drawn(page);
  await page.locator('svg.chart [data-key]').last().tap();
  await page.waitForSelector('.tooltip');
  assert.match(await page.locator('.tooltip').innerText(), /\d/);
  await context.close();
});

test('arrow keys go from mark to mark', async () => {
  const { page, context } = await open(browser, '/en/data/whistle/?indicator=whistles');
  await drawn(page);
  await page.locator('svg.chart [data-key][tabindex="0"]').focus();
  const first = await page.locator('.drawing .spoken').innerText();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((said) => [...document.querySelectorAll('.drawing .spoken')].some((it) => it.textContent && it.textContent !== said), first);
  const at = () => page.evaluate(() => [...document.querySelectorAll('svg.chart [data-key]')].indexOf(document.activeElement));
  const marks = await page.locator('svg.chart [data-key]').count();
  await page.keyboard.press('End');
  assert.equal(await at(), marks - 1);
  await page.keyboard.press('Home');
  assert.equal(await at(), 0);
  await context.close();
});

test('on demonstration data every commitment proves nothing, and shows its arithmetic', async () => {
  const { manifest } = await published();
  const claims = manifest.claims ?? [];
  const { page, context } = await open(browser, '/en/commitments/');
  if (claims.length === 0) {
    await page.waitForSelector('main [role=status]');
    await context.close();
    return;
  }
  await page.waitForSelector('.claim');
  const measured = claims.filter((claim) => claim.measured_by);
  assert.equal(await page.locator('.claim').count(), measured.length);
  assert.equal(await page.locator('[data-claim]').count(), claims.length);
  assert.equal(await page.locator('[data-verdict=nothing]').count(), claims.length);
  const whistles = page.locator('.claim[data-claim=whistles] .arithmetic');
  assert.match(await whistles.innerText(), /\d[\d,]* [>≤] 2,700: (holds|does not hold)/);
  await context.close();
});

test('a pinned link shows its snapshot and says when a newer one is out', async () => {
  const { releases, manifest } = await published();
  const newer = { ...releases.at(-1), number: releases.length + 1, snapshot: '2099-01-r1' };
  const json = { format: 1, title: manifest.title, releases: [...releases, newer] };
  const { page, context } = await open(browser, `/en/data/whistle/?snapshot=${manifest.id}`, {
    before: (page) => page.route('**/catalogue.json', (route) => route.fulfill({ json })),
  });
  await drawn(page);
  const banner = page.locator('.pinned').first();
  const said = await banner.innerText();
  assert.ok(said.includes(manifest.id) && said.includes('superseded by 2099-01-r1'), said);
  assert.equal(await banner.getByRole('link', { name: 'The newest of this view' }).getAttribute('href'), new URL(`${site}/en/data/whistle/`).pathname);
  const changed = await banner.getByRole('link', { name: 'What changed' }).getAttribute('href');
  assert.match(changed, new RegExp(`/en/changes/\\?from=${manifest.id}&to=2099-01-r1&dataset=whistle$`));
  await page.click('.cite summary');
  const cited = await page.locator('.cite code').first().innerText();
  assert.match(cited, new RegExp(`snapshot=${manifest.id}`));
  // The day of the snapshot is that of its entry in the feed; the place is named.
  const feed = await (await fetch(`${site}/feed.xml`)).text();
  const entry = feed.split('<entry>').find((it) => it.includes(`Snapshot ${manifest.id}<`));
  const [, day] = /<updated>(\d{4}-\d{2}-\d{2})T/.exec(entry);
  assert.ok(cited.includes(`(${day})[`), cited);
  assert.match(cited, /\(.+\) · /);
  await context.close();
});

test('a link pinned to the newest snapshot says so, and one to a period that is not there what is shown', async () => {
  const { manifest } = await published();
  for (const [language, newest, period] of [
    ['en', `pinned to ${manifest.id}, the newest snapshot`, 'no such figures for 1999; 20'],
    ['zh-CN', `固定在快照 ${manifest.id}，即目前最新的快照`, '没有1999年的这项数据'],
  ]) {
    const { page, context, complaints } = await open(browser, `/${language}/data/whistle/?indicator=response_rate&granularity=year&period=1999&snapshot=${manifest.id}`, { width: 390 });
    await drawn(page);
    const said = (await page.locator('.pinned').allInnerTexts()).join(' ');
    assert.ok(said.includes(newest) && said.includes(period), said);
    await fits(page);
    await accessible(page);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('what changed compares two snapshots', async () => {
  const { releases, manifest } = await published();
  const { createHash } = await import('node:crypto');
  const [dataset] = manifest.datasets;
  const gone = dataset.indicators[0];
  const next = {
    ...manifest,
    id: '2099-01-r1',
    datasets: [{ ...dataset, indicators: dataset.indicators.slice(1).map((it, at) => (at ? it : { ...it, method: { ...it.method, version: 9 } })) }, ...manifest.datasets.slice(1)],
  };
  const body = JSON.stringify(next);
  const manifest_sha256 = createHash('sha256').update(body).digest('hex');
  const release = { format: 1, number: releases.length + 1, snapshot: next.id, manifest_sha256 };
  const json = { format: 1, title: manifest.title, releases: [...releases, release] };
  const { page, context } = await open(browser, '/en/changes/', {
    before: async (page) => {
      await page.route('**/catalogue.json', (route) => route.fulfill({ json }));
      await page.route('**/2099-01-r1/manifest.json', (route) => route.fulfill({ body, contentType: 'application/json' }));
    },
  });
  await page.waitForSelector('.changes li');
  const said = await page.locator('.changes').first().innerText();
  assert.match(said, new RegExp(`Indicator withdrawn: ${gone.title.en}`));
  assert.match(said, /method version \d+ → 9/);
  await page.selectOption('select[name=from]', next.id);
  await page.waitForURL('**from=2099-01-r1*');
  await context.close();
});

test('values and tables that are no longer published are counted, named, listed and filtered', async () => {
  const { releases, manifest } = await published();
  const { createHash } = await import('node:crypto');
  const dataset = manifest.datasets.find(({ breakdowns }) => breakdowns.length > 1);
  const other = dataset.breakdowns.find(({ id, path }) => id !== 'total' && manifest.files.find((it) => it.path === path).rows > 0);
  // Another table in the place of that without breakdown: every value of it is gone.
  const swapped = dataset.breakdowns.map((it) => (it.id === 'total' ? { ...it, path: other.path } : it));
  const hidden = dataset.tables.find((it) => it.status === 'published' && it.breakdown === 'total' && it.granularity === 'quarter');
  const tables = dataset.tables.map((it) => (it === hidden ? { ...it, status: 'suppressed' } : it));
  const next = { ...manifest, id: '2099-01-r1', datasets: manifest.datasets.map((it) => (it === dataset ? { ...it, breakdowns: swapped, tables } : it)) };
  const body = JSON.stringify(next);
  const release = { format: 1, number: releases.length + 1, snapshot: next.id, manifest_sha256: createHash('sha256').update(body).digest('hex') };
  const json = { format: 1, title: manifest.title, releases: [...releases, release] };
  const { page, context, complaints } = await open(browser, '/en/changes/', {
    before: async (page) => {
      await page.route('**/catalogue.json', (route) => route.fulfill({ json }));
      await page.route('**/2099-01-r1/manifest.json', (route) => route.fulfill({ body, contentType: 'application/json' }));
    },
  });
  const section = page.locator(`section[aria-labelledby=changes-${dataset.id}]`);
  await section.locator('table.counts').waitFor();
  const heads = await section.locator('table.counts thead th').allInnerTexts();
  assert.deepEqual(heads.slice(1), ['Revised', 'Added', 'Published, now withheld', 'No longer published']);
  assert.deepEqual(await section.locator('table.counts tbody th').allInnerTexts(), ['Year', 'Quarter', 'Month']);
  const title = dataset.indicators.find(({ id }) => id === hidden.indicator).title.en;
  const told = await section.innerText();
  assert.match(told, /No longer published \(.+ · Quarter, 1\): /);
  assert.ok(told.includes(title), told);
  assert.ok((await section.locator('a[href*="/protection/"]').count()) > 0, 'why it is withheld is one link away');
  const list = section.locator('.scroll:has(caption:text("No longer published:"))');
  assert.equal(await list.locator('tbody tr').count(), 50);
  const more = section.locator('button.more');
  await more.click();
  assert.ok((await list.locator('tbody tr').count()) > 50);
  assert.ok(await more.evaluate((it) => it === document.activeElement), 'the focus stays');
  assert.match(await list.locator('tbody a').first().getAttribute('href'), new RegExp(`/data/${dataset.id}/\\?.*indicator=`));
  await accessible(page);
  await fits(page);
  const another = manifest.datasets.find((it) => it !== dataset);
  await page.selectOption('select[name=dataset]', another.id);
  await page.waitForURL(`**dataset=${another.id}*`);
  await section.waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what changed is told with its reasons and with definitions side by side', async () => {
  const { releases, manifest } = await published();
  const { createHash } = await import('node:crypto');
  const [dataset, other] = manifest.datasets.filter((it) => it.indicators.length > 2);
  const [renamed, silent] = dataset.indicators;
  const text = { zh: '街道补报了记录。', en: 'A street handed in records late.' };
  const note = { snapshot: '2099-01-r1', dataset: dataset.id, indicators: [renamed.id], period: '2020-Q3', kind: 'late_data', text };
  const next = {
    ...manifest,
    id: '2099-01-r1',
    notes: [...(manifest.notes ?? []), note],
    datasets: manifest.datasets.map((it) => {
      if (it === other) return { ...it, indicators: it.indicators.slice(1) };
      if (it !== dataset) return it;
      const worded = (was) => ({ ...was, definition: { zh: '新的定义', en: 'The new definition' } });
      return { ...it, indicators: it.indicators.map((was) => (was === renamed || was === silent ? worded(was) : was)) };
    }),
  };
  const body = JSON.stringify(next);
  const release = { format: 1, number: releases.length + 1, snapshot: next.id, manifest_sha256: createHash('sha256').update(body).digest('hex') };
  const json = { format: 1, title: manifest.title, releases: [...releases, release] };
  for (const [language, late, none, definition] of [
    ['en', 'Late data', 'The publisher gave no reason.', 'The new definition'],
    ['zh-CN', '补报数据', '发布方没有说明原因。', '新的定义'],
  ]) {
    const { page, context, complaints } = await open(browser, `/${language}/changes/`, {
      before: async (page) => {
        await page.route('**/catalogue.json', (route) => route.fulfill({ json }));
        await page.route('**/2099-01-r1/manifest.json', (route) => route.fulfill({ body, contentType: 'application/json' }));
      },
    });
    await page.waitForSelector('.changes .reasons');
    const explained = page.locator('.changes', { has: page.locator('.reasons') });
    const said = await explained.locator('.reasons').innerText();
    assert.ok(said.includes(late) && said.includes('2099-01-r1') && said.includes(language === 'en' ? text.en : text.zh), said);
    const row = explained.locator('table.definitions tbody tr').first();
    const told = await row.innerText();
    assert.ok(told.includes(definition) && told.includes(renamed.definition[language === 'en' ? 'en' : 'zh']), told);
    // One indicator of the dataset has no reason, and of the other dataset nothing is said at all.
    assert.equal(await page.locator('.no-reason', { hasText: none }).count(), 2);
    await accessible(page);
    await fits(page);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});
