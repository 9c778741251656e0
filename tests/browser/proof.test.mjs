// The proof that what is withheld cannot be worked out, checked in the reader's browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, open, shot, start } from './portal.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser.close());

for (const [language, width, theme, said] of [
  ['zh-CN', 390, 'light', /证明成立.*(\d[\d,]*) 个数与证明逐一比对/],
  ['en', 1280, 'dark', /It holds\..*(\d[\d,]*) numbers of the published tables/],
]) {
  test(`the proof is checked in the browser: ${language}, ${width} px, ${theme}`, async () => {
    const { page, context, complaints } = await open(browser, `/${language}/protection`, { width, theme });
    const check = page.locator('section[aria-labelledby=proof]');
    await check.locator('button').click();
    await check.locator('.checked.holds').waitFor({ timeout: 60_000 });
    const text = await check.locator('.checked').innerText();
    assert.match(text, said);
    const numbers = text.match(/\d[\d,]*/g).map((number) => Number(number.replaceAll(',', '')));
    assert.ok(Math.min(...numbers) > 0, text);
    await fits(page);
    await accessible(page);
    await shot(page, `proof-${language}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('a proof that was altered is refused', async () => {
  const { page, context } = await open(browser, '/en/protection', {
    before: (page) =>
      page.route('**/witnesses-*.json', async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace('"tables":[[', '"tables":[[1');
        await route.fulfill({ response: answer, body });
      }),
  });
  const check = page.locator('section[aria-labelledby=proof]');
  await check.locator('button').click();
  await check.locator('.checked.broken').waitFor({ timeout: 60_000 });
  assert.match(await check.locator('.checked').innerText(), /damaged/i);
  await context.close();
});
