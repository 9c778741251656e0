// What readers do: switch, choose, go back, reload, use the keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, shot, start } from './portal.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser.close());
const drawn = (page) => page.waitForSelector('svg.chart [data-key]');

test('the start page leads to Chinese', async () => {
  const { page, context } = await open(browser, '/');
  await page.waitForURL('**/zh-CN/**');
  await page.waitForSelector('.card .value');
  await context.close();
});

test('the language switch keeps the rest of the address', async () => {
  const { page, context } = await open(browser, '/en/data/whistle?indicator=whistles&level=district&granularity=quarter&period=all');
  await drawn(page);
  await page.click('a.language');
  await page.waitForURL('**/zh-CN/data/whistle?indicator=whistles&level=district&granularity=quarter&period=all');
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

test('every column of the table sorts', async () => {
  const { page, context } = await open(browser, '/en/data/whistle?view=table');
  await page.waitForSelector('tbody tr');
  const heads = await page.locator('thead th').count();
  for (let at = 0; at < heads; at++) {
    await page.locator('thead th button').nth(at).click();
    assert.equal(await page.locator('thead th').nth(at).getAttribute('aria-sort'), 'ascending');
  }
  await context.close();
});

test('a keyboard reaches the marks and hears them', async () => {
  const { page, context } = await open(browser, '/en/data/whistle?indicator=response_rate');
  await drawn(page);
  const mark = page.locator('svg.chart [data-key][tabindex="0"]').first();
  await mark.focus();
  await page.waitForSelector('.tooltip');
  assert.match(await page.locator('.spoken').innerText(), /\d.*÷.*\d/);
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
