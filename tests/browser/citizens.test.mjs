// What citizens look for: headlines with what they are out of, one place against others, many places beside one
// another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, published, start } from './portal.mjs';

let browser;
let snapshot;
before(async () => {
  browser = await start();
  snapshot = await published();
});
after(() => browser.close());

const indicator = (name) => {
  const [dataset, id] = name.split('.');
  return snapshot.manifest.datasets.find((it) => it.id === dataset).indicators.find((it) => it.id === id);
};

test('every headline tells its value, period and trend, what it is out of, and its target', async () => {
  const { page, context } = await open(browser, '/en/');
  await page.waitForSelector('#content .cards:not([aria-busy]) .value');
  const cards = page.locator('.card');
  assert.equal(await cards.count(), snapshot.manifest.headlines.length);
  for (const name of snapshot.manifest.headlines) {
    const { title, formula, target, beside } = indicator(name);
    const card = page.locator('.card', { has: page.locator(`h3 a:text-is("${title.en}")`) });
    assert.match(await card.locator('.note').innerText(), /\d{4}/, name);
    assert.match(await card.locator('h3 a').getAttribute('href'), /level=city&granularity=year/, name);
    assert.match(await card.locator('.trend').innerText(), /(Up|Down|Unchanged|No earlier)/, name);
    if (formula.kind === 'rate' && (await card.locator('.value:not(.missing)').count())) {
      assert.match(await card.locator('.fraction').first().innerText(), /\d ÷ \d/, name);
    }
    const [dataset] = name.split('.');
    const { tables } = snapshot.manifest.datasets.find(({ id }) => id === dataset);
    const told = tables.some((table) => table.indicator === beside && table.breakdown === 'total'
      && table.level === 'city' && table.granularity === 'year' && table.status === 'published');
    if (told) {
      const other = indicator(`${dataset}.${beside}`).title.en;
      const said = await card.locator('.fraction').last().innerText();
      assert.ok(said.startsWith(`${other}: `) && said.length > other.length + 2, `${name}: ${said}`);
    }
    assert.equal(await card.locator('.target-line').count(), target ? 1 : 0, name);
  }
  assert.match(await page.locator('[aria-labelledby=new]').innerText(), new RegExp(snapshot.manifest.id));
  await context.close();
});

test('a rate stands beside the one that it must not be read without', async () => {
  const { page, context } = await open(browser, '/en/data/whistle/?indicator=satisfaction');
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  await page.click('.figure a[href*="indicator=rating_rate"]');
  await page.waitForFunction(() => document.querySelector('#indicator')?.textContent === 'Rating rate');
  await context.close();
});

test('a place stands against the year before, the place it lies in and similar places', async () => {
  const street = snapshot.places.find(({ level }) => level === 'street');
  const { page, context } = await open(browser, `/en/places/${street.code}/`);
  await page.waitForSelector('table.of-place tbody tr');
  const parent = snapshot.places.find(({ code }) => code === street.parent);
  for (const { id, indicators } of snapshot.manifest.datasets.filter((it) => it.indicators.length)) {
    const section = page.locator(`[aria-labelledby=of-${id}]:has(> h2)`);
    assert.equal(await section.locator('tbody tr').count(), indicators.length, id);
    // What has a value stands first; what has none is folded.
    for (const line of await section.locator('table.of-place tbody tr').all()) {
      assert.match(await line.locator('td').first().innerText(), /\d.*\d{4}/s, id);
    }
    const heads = await section.locator('thead').first().locator('th').allInnerTexts();
    assert.equal(heads.length, 5);
    assert.ok(heads.includes(parent.name.en), heads.join());
  }
  assert.ok((await page.locator('[aria-labelledby=peers] li').count()) > 1);
  await context.close();
});

test('what has no value on the page of a community is folded, with its number and why, beside the place it lies in', async () => {
  const community = snapshot.places.find(({ level }) => level === 'community');
  const { page, context } = await open(browser, `/en/places/${community.code}/`);
  await page.waitForSelector('table.of-place tbody tr');
  for (const { id, indicators } of snapshot.manifest.datasets.filter((it) => it.indicators.length)) {
    const section = page.locator(`[aria-labelledby=of-${id}]:has(> h2)`);
    // Of one community, what counts or compares communities says nothing.
    const own = indicators.filter(({ formula }) => !['count_of_places', 'share_of_places', 'percentile_of_places'].includes(formula.kind));
    assert.equal(await section.locator('tbody tr').count(), own.length, id);
    const folded = await section.locator('details tbody tr').count();
    if (folded === 0) continue;
    assert.match(await section.locator('summary').innerText(), new RegExp(`^Without a value here: ${folded} \\(.+ \\d+\\)$`), id);
  }
  const whistle = page.locator('[aria-labelledby=of-whistle]:has(> h2)');
  await whistle.locator('summary').click();
  const beside = await whistle.locator('details td:nth-child(4)').allInnerTexts();
  assert.ok(beside.some((value) => /\d/.test(value)), 'the street has values');
  assert.ok(beside.every((value) => value.trim() !== '—'), 'where there is none, it says why');
  // The norm comes first, with the value on its side of it.
  const norms = await page.locator('[aria-labelledby=of-space] .norms li').allInnerTexts();
  assert.ok(norms.length > 0);
  for (const norm of norms) assert.match(norm, /^(✓ .+[≥≤] .+\(met\)|✗ .+[<>] .+\(not met\))/s);
  await page.click('main a[href="#of-space"]');
  assert.ok(page.url().endsWith('#of-space'));
  // What is published of a community comes before what is only withheld of it.
  const order = await page.locator('main section[aria-labelledby^=of-]').evaluateAll((all) => all.map((it) => it.getAttribute('aria-labelledby')));
  assert.ok(order.indexOf('of-whistle') > order.indexOf('of-space'), order.join());
  // A link to a section leads there, though it comes after the page; and whoever goes on from it finds the way back.
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  const standing = () => page.waitForFunction(() => Math.abs(document.getElementById('of-space')?.getBoundingClientRect().top ?? 1e9) < 100);
  await standing();
  await page.locator('[aria-labelledby=of-space] .of-place tbody a').first().click();
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  await page.goBack();
  await page.waitForSelector('table.of-place tbody tr');
  // The line that was followed is in sight again.
  await page.waitForFunction(() => {
    const { top } = document.querySelector('[aria-labelledby=of-space] .of-place tbody a').getBoundingClientRect();
    return top > 0 && top < innerHeight;
  });
  await context.close();
});

test('up to six places stand beside one another, and similar ones are one press away', async () => {
  const streets = snapshot.places.filter(({ level }) => level === 'street').map(({ code }) => code);
  const view = '/en/data/funding/?indicator=execution_of_budget&level=street&period=2020';
  const { page, context, complaints } = await open(browser, `${view}&places=${streets[0]}`);
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  await page.click('[data-similar]');
  await page.waitForFunction(() => document.querySelectorAll('.chip').length > 1);
  assert.ok((await page.locator('.chip').count()) <= 6);
  await page.goto(page.url().replace(/places=[^&]*/, `places=${streets.slice(0, 6).join(',')}`));
  await page.waitForSelector('svg.chart [data-key][tabindex]');
  assert.equal(await page.locator('.chip').count(), 6);
  assert.ok(await page.locator('select[name=places]').isDisabled());
  await page.waitForFunction(() => document.querySelectorAll('svg.chart [data-key]').length >= 6);
  assert.deepEqual(complaints, []);
  await context.close();
});
