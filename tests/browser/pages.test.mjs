// Every page, in both languages, on a phone and a desk, in light and dark.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, open, shot, start } from './portal.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser.close());

for (const language of ['zh-CN', 'en']) {
  for (const width of [390, 1280]) {
    for (const theme of ['light', 'dark']) {
      const name = `${language}-${width}-${theme}`;
      test(`home ${name}`, async () => {
        const { page, complaints, context } = await open(browser, `/${language}/`, { width, theme });
        await page.waitForSelector('.card .value');
        assert.match(await page.locator('.card .value').first().innerText(), /\d/);
        assert.equal(await page.getAttribute('html', 'lang'), language);
        assert.ok(await page.locator('.demonstration').isVisible());
        await fits(page);
        await shot(page, `home-${name}`);
        await accessible(page);
        assert.deepEqual(complaints, []);
        await context.close();
      });
      test(`dataset ${name}`, async () => {
        const { page, complaints, context } = await open(browser, `/${language}/data/whistle`, { width, theme });
        await page.waitForSelector('svg.chart [data-key]');
        assert.match(await page.locator('.finding').innerText(), /\d/);
        assert.ok(await page.locator('.demonstration').isVisible());
        await fits(page);
        await shot(page, `whistle-${name}`);
        await accessible(page);
        for (const view of ['table', 'definition']) {
          await page.click(`[data-view=${view}]`);
          await page.waitForSelector(view === 'table' ? 'tbody tr' : '.facts');
          await fits(page);
          await shot(page, `whistle-${view}-${name}`);
          await accessible(page);
        }
        assert.deepEqual(complaints, []);
        await context.close();
      });
    }
  }
}
