// What journalists do: explore, take along, check a file.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { accessible, fits, open, published, shot, site, start } from './portal.mjs';

let browser;
let snapshot;
const folder = mkdtempSync(join(tmpdir(), 'mingshi-journalists-'));
before(async () => {
  browser = await start();
  snapshot = await published();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const ofRecords = () => snapshot.manifest.datasets.find((dataset) => dataset.records);
const pivot = (page) => page.waitForSelector('table.pivot tbody tr');
const number = (text) => Number(text.replaceAll(',', ''));

/** Presses a button that saves a file, and reads what comes. */
async function saved(page, kind) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-save=${kind}]`)]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** The fields of a CSV file, line by line. */
function parsed(text) {
  const rows = [[]];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted && c === '"' && text[at + 1] === '"') (field += c), at++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ',') rows.at(-1).push(field), (field = '');
    else if (!quoted && c === '\n') rows.at(-1).push(field.replace(/\r$/, '')), (field = ''), rows.push([]);
    else field += c;
  }
  rows.pop();
  return rows;
}

/** The parts of a zip file, by name. */
function unzipped(bytes) {
  const parts = new Map();
  let at = bytes.readUInt32LE(bytes.length - 22 + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [size, nameLength, extra, comment] = [20, 28, 30, 32].map((o, i) => (i ? bytes.readUInt16LE(at + o) : bytes.readUInt32LE(at + o)));
    const method = bytes.readUInt16LE(at + 10);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + size);
    parts.set(name, method ? inflateRawSync(packed) : packed);
    at += 46 + nameLength + extra + comment;
  }
  return parts;
}

test('the explorer counts the records, and its total is that of the manifest', async (t) => {
  const dataset = ofRecords();
  if (!dataset) return t.skip('no record-level file in this snapshot');
  const { page, context, complaints } = await open(browser, `/en/explorer/?dataset=${dataset.id}&columns=none`);
  await pivot(page);
  const cells = await page.locator('table.pivot tbody td').allInnerTexts();
  assert.equal(cells.map(number).reduce((a, b) => a + b, 0), dataset.records.rows);
  assert.match(await page.locator('#honest').locator('..').innerText(), new RegExp(`at least ${dataset.records.k}`));
  await accessible(page);
  await fits(page);
  await shot(page, 'explorer-records');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('two sides, a filter and a share stand in the address, and come back with it', async (t) => {
  const dataset = ofRecords();
  if (!dataset) return t.skip('no record-level file in this snapshot');
  const { page, context, complaints } = await open(browser, `/en/explorer/?dataset=${dataset.id}`);
  await pivot(page);
  const all = number(await page.locator('table.pivot tfoot td').last().innerText().catch(() => String(dataset.records.rows)));
  assert.equal(all, dataset.records.rows);
  const variable = dataset.records.columns[0].name;
  await page.click(`[data-filter=${variable}] summary`);
  await page.locator(`[data-filter=${variable}] input`).first().check();
  await page.waitForURL(`**where=${variable}*`);
  await page.waitForFunction(() => document.querySelectorAll('table.pivot tbody tr').length === 1);
  await page.selectOption('select[name=measure]', 'share_of_row');
  await page.waitForURL('**measure=share_of_row**');
  await page.waitForFunction(() => document.querySelector('table.pivot tbody td')?.innerText.endsWith('%'));
  const shown = await page.locator('table.pivot').innerText();
  await page.reload();
  await pivot(page);
  assert.equal(await page.locator('table.pivot').innerText(), shown);
  await page.goBack();
  await page.waitForFunction(() => !document.querySelector('table.pivot tbody td')?.innerText.endsWith('%'));
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what no chart can tell apart is a table, shaded from the least to the greatest', async (t) => {
  const [rows, columns] = ['place', 'kind'];
  const has = ({ records }) => [rows, columns].every((side) => records?.columns.some(({ name }) => name === side));
  const dataset = snapshot.manifest.datasets.find(has);
  if (!dataset) return t.skip('no records of many kinds in this snapshot');
  for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
    const view = `/en/explorer/?dataset=${dataset.id}&rows=${rows}&columns=${columns}`;
    const { page, context, complaints } = await open(browser, view, { theme, width });
    await pivot(page);
    assert.equal(await page.locator('.figure svg.chart').count(), 0);
    const shaded = await page.locator('table.pivot td').evaluateAll((all) => all
      .filter((cell) => /\bt[0-4]\b/.test(cell.className))
      .map((cell) => [Number(cell.innerText.replaceAll(',', '')), Number(/\bt([0-4])\b/.exec(cell.className)[1])]));
    const shades = shaded.toSorted(([a], [b]) => a - b).map(([, shade]) => shade);
    assert.ok(shades[0] === 0 && new Set(shades).size > 1);
    assert.deepEqual(shades, shades.toSorted(), 'the greater, the stronger');
    await fits(page);
    await accessible(page);
    await shot(page, `explorer-shaded-${theme}`);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('the worker is asked for counts, not for rows', async (t) => {
  const dataset = ofRecords();
  if (!dataset) return t.skip('no record-level file in this snapshot');
  let requests = 0;
  const { page, context } = await open(browser, `/en/explorer/?dataset=${dataset.id}`, {
    before: (_, context) => context.on('request', (request) => request.url().includes(dataset.records.path) && requests++),
  });
  await pivot(page);
  const first = requests;
  assert.ok(first > 0);
  await page.selectOption('select[name=columns]', 'none');
  await page.waitForURL('**columns=none**');
  await pivot(page);
  assert.equal(requests, first, 'blocks that are here are not fetched again');
  await context.close();
});

test('a long read shows progress, and a cancel ends the request', async (t) => {
  const dataset = ofRecords();
  if (!dataset) return t.skip('no record-level file in this snapshot');
  const ended = [];
  let slow = true;
  const { page, context } = await open(browser, `/en/explorer/?dataset=${dataset.id}`, {
    before: async (_, context) => {
      context.on('requestfailed', (request) => ended.push(request.url()));
      await context.route(`**/${dataset.records.path}`, async (route) => {
        if (slow) await new Promise((done) => setTimeout(done, 20_000).unref());
        await route.continue().catch(() => {});
      });
    },
  });
  await page.waitForSelector('.underway progress');
  await shot(page, 'explorer-underway');
  await accessible(page);
  // The worker has to be there for the request to be on its way.
  await page.waitForTimeout(1500);
  await page.click('[data-cancel]');
  await page.waitForSelector('.underway[role=status]', { timeout: 5000 });
  assert.ok(ended.some((url) => url.includes(dataset.records.path)), 'the request was ended');
  slow = false;
  await page.click('.underway button');
  await pivot(page);
  await context.close();
});

test('a level that is not published by the chosen length of period says by which it is, and brings it', async () => {
  const total = (dataset) => dataset.tables.filter((it) => it.breakdown === 'total');
  const at = (tables, like, status) => tables.find((it) => it.status === status && Object.entries(like).every(([name, value]) => it[name] === value));
  const found = snapshot.manifest.datasets.flatMap((dataset) => total(dataset)
    .filter(({ indicator, level, granularity, status }) => granularity === 'month' && status === 'suppressed'
      && at(total(dataset), { indicator, level, granularity: 'year' }, 'published')
      && at(total(dataset), { indicator, granularity }, 'published'))
    .map(({ indicator, level }) => ({ dataset: dataset.id, indicator, level, from: at(total(dataset), { indicator, granularity: 'month' }, 'published').level })));
  assert.ok(found.length > 0);
  const [{ dataset, indicator, level, from }] = found;
  const { page, context } = await open(browser, `/en/explorer/?dataset=${dataset}&source=total&measure=${indicator}&level=${from}&granularity=month`);
  await pivot(page);
  assert.match(await page.locator(`select[name=level] option[value=${level}]`).innerText(), /\(by /);
  await page.selectOption('select[name=level]', level);
  await page.waitForURL(`**level=${level}*`);
  await pivot(page);
  assert.doesNotMatch(page.url(), /granularity=month/);
  await context.close();
});

test('a dataset without records offers its indicator tables, and one without either says so', async () => {
  const of = (fits) => snapshot.manifest.datasets.find(fits);
  const cells = of((dataset) => !dataset.records && dataset.indicators.length);
  const plain = of((dataset) => !dataset.records && !dataset.indicators.length);
  const { page, context, complaints } = await open(browser, `/en/explorer/?dataset=${cells.id}`);
  await pivot(page);
  assert.ok((await page.locator('table.pivot tbody td').count()) > 0);
  await page.selectOption('select[name=level]', 'community').catch(() => {});
  await pivot(page);
  await accessible(page);
  await shot(page, 'explorer-cells');
  await page.selectOption('select[name=dataset]', plain.id);
  await page.waitForSelector('main .panel[role=status]');
  assert.match(await page.locator('main .panel[role=status]').innerText(), /neither a record-level file/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the explorer comes and goes with its page, in either language', async () => {
  const { page, context, complaints } = await open(browser, '/en/');
  await page.waitForSelector('#content .cards:not([aria-busy]) .value');
  await page.click('.pages a[href*="/methods/"]');
  await page.waitForSelector('details.method');
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  for (let times = 0; times < 2; times++) {
    await page.click('.pages a[href*="/explorer/"]');
    await pivot(page);
    assert.match(await page.title(), /Explorer/);
    await page.click('.pages a[href*="/methods/"]');
    await page.waitForSelector('details.method');
    assert.equal(await page.locator('table.pivot').count(), 0);
  }
  assert.equal(asked.filter((url) => url.includes('/explorer-') && url.endsWith('.wasm')).length, 1, 'its program is loaded once');
  await page.goBack();
  await pivot(page);
  await page.click('a.language');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === '探索');
  await pivot(page);
  assert.equal(await page.locator('h1').count(), 1);
  await page.selectOption('select[name=columns]', 'none');
  await page.waitForURL('**/zh-CN/explorer/?columns=none');
  await page.click('a.language');
  await page.waitForURL('**/en/explorer/?columns=none');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Explorer');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what the explorer shows can be taken along', async (t) => {
  const dataset = ofRecords();
  if (!dataset) return t.skip('no record-level file in this snapshot');
  const { page, context } = await open(browser, `/zh-CN/explorer/?dataset=${dataset.id}`);
  await pivot(page);
  const { name, bytes } = await saved(page, 'csv');
  assert.match(name, /\.csv$/);
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const [heads, ...rows] = parsed(bytes.toString('utf8'));
  const at = heads.indexOf('记录数');
  assert.equal(rows.map((row) => Number(row[at])).reduce((a, b) => a + b, 0), dataset.records.rows);
  for (const word of ['快照', '许可']) assert.ok(heads.includes(word), word);
  assert.ok(rows.every((row) => row.length === heads.length && row.includes(snapshot.manifest.id)));
  await context.close();
});

test('the view as shown is a CSV with units, statuses, licence and citation', async () => {
  const { page, context, complaints } = await open(browser, '/en/data/funding/?indicator=execution_of_budget&level=district&period=2020&view=table');
  await page.waitForSelector('tbody tr');
  await page.waitForSelector('[data-save=csv]');
  const shown = await page.locator('tbody tr').count();
  const { name, bytes } = await saved(page, 'csv');
  assert.equal(name, `mingshi-funding-execution_of_budget-district-${snapshot.manifest.id}.csv`);
  const [heads, ...rows] = parsed(bytes.toString('utf8').slice(1));
  assert.equal(rows.length, shown);
  const column = (head) => rows.map((row) => row[heads.indexOf(head)]);
  assert.ok(heads.includes('Value (%)') && heads.includes('Numerator (yuan)') && heads.includes('Denominator (yuan)'), heads.join());
  assert.ok(column('Status code').every((it) => ['published', 'suppressed', 'not_applicable', 'not_collected'].includes(it)));
  assert.ok(column('Licence').every((it) => it === snapshot.manifest.licence));
  assert.ok(column('Snapshot').every((it) => it === snapshot.manifest.id));
  assert.ok(column('Cite this').every((it) => it.includes(`snapshot=${snapshot.manifest.id}`)));
  // Money is in yuan on both sides: the value is their quotient.
  const [above, below, value] = ['Numerator (yuan)', 'Denominator (yuan)', 'Value (%)'].map((head) => Number(column(head)[0]));
  assert.ok(Math.abs((100 * above) / below - value) < 1e-9, `${above} ${below} ${value}`);
  assert.ok(above % 1 !== 0 || below % 1 !== 0 || below < 1e9, 'not in fen');
  const first = await page.locator('tbody tr td.number').nth(1).innerText();
  assert.match(first, /^¥[\d,.]+$/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the view as shown is a workbook that holds texts as texts', async () => {
  const { page, context, complaints } = await open(browser, '/zh-CN/data/whistle/?indicator=response_rate&view=table');
  await page.waitForSelector('[data-save=xlsx]');
  await page.waitForSelector('tbody tr');
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  assert.ok(!asked.some((url) => url.includes('spreadsheet')));
  const { name, bytes } = await saved(page, 'xlsx');
  assert.match(name, new RegExp(`^mingshi-whistle-response_rate-.+-${snapshot.manifest.id}\\.xlsx$`), 'the name says where');
  assert.ok(asked.some((url) => url.includes('spreadsheet')), 'its program is loaded only now');
  assert.match(name, /\.xlsx$/);
  const parts = unzipped(bytes);
  const sheets = [...parts.keys()].filter((it) => it.startsWith('xl/worksheets/sheet'));
  assert.equal(sheets.length, 2);
  const texts = parts.get('xl/sharedStrings.xml').toString('utf8');
  for (const text of ['响应率', '快照', snapshot.manifest.id, snapshot.manifest.licence, '状态']) assert.ok(texts.includes(text), text);
  assert.ok(sheets.every((sheet) => !parts.get(sheet).toString('utf8').includes('<f>')), 'no formula');
  assert.match(parts.get(sheets[0]).toString('utf8'), /<pageSetup[^>]*orientation="landscape"/);
  const again = await saved(page, 'xlsx');
  assert.ok(again.bytes.equals(bytes), 'the same view is the same file');
  writeFileSync(join(folder, 'view.xlsx'), bytes);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('all indicators of a place are one file', async () => {
  const place = snapshot.places.find(({ level }) => level === 'street');
  const { page, context, complaints } = await open(browser, `/en/places/${place.code}/`);
  await page.waitForSelector('table.of-place tbody tr');
  await page.waitForSelector('.cite code');
  const { name, bytes } = await saved(page, 'csv');
  assert.ok(name.startsWith('mingshi-') && name.endsWith(`-${snapshot.manifest.id}.csv`), name);
  const [head, ...lines] = bytes.toString('utf8').trim().split('\r\n');
  for (const column of ['Dataset', 'Indicator', 'Place code', 'Period code', 'Value', 'Status code', 'Licence']) assert.ok(head.split(',').includes(column), column);
  const years = (await page.locator('table.of-place td .note').allInnerTexts()).filter((text) => /\d{4}$/.test(text.trim())).length;
  assert.ok(lines.length > years, `${lines.length} lines of ${years} indicators`);
  assert.ok(lines.every((line) => line.includes(`,${place.code},`)));
  const { bytes: book } = await saved(page, 'xlsx');
  assert.ok(unzipped(book).has('xl/worksheets/sheet1.xml'));
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a file is known again, an altered one is told, another is not of this portal', async () => {
  const { manifest } = snapshot;
  const file = manifest.files.find(({ path }) => path.endsWith('.csv'));
  const bytes = Buffer.from(await (await fetch(`${site}/${file.path}`)).arrayBuffer());
  assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
  const name = file.path.split('/').at(-1);
  const altered = Buffer.from(bytes);
  altered[altered.length >> 1] ^= 1;
  const { page, context, complaints } = await open(browser, '/en/downloads/');
  await page.waitForSelector('.verify input[type=file]');
  const check = async (...files) => {
    await page.setInputFiles('.verify input[type=file]', files.map(([name, buffer]) => ({ name, mimeType: 'text/csv', buffer })));
    await page.waitForFunction((count) => document.querySelectorAll('.verified li').length === count, files.length);
    return page.locator('.verified li').allInnerTexts();
  };
  const edited = name.replace('.csv', '-edited.csv');
  const exported = `mingshi-whistle-whistles-city-${manifest.id}.csv`;
  const mine = Buffer.from('a,b\n1,2\n');
  const [same, other, again, view, foreign] = await check(['renamed.csv', bytes], [name, altered], [edited, altered], [exported, mine], ['mine.csv', mine]);
  assert.match(same, new RegExp(`renamed.csv is ${file.path} of snapshot ${manifest.id}, unaltered`));
  for (const told of [other, again]) assert.match(told, new RegExp(`differs from ${file.path} of snapshot .+ Published: .+ SHA-256 ${file.sha256}`));
  assert.match(view, /makes in the browser from a view.*cannot be compared/s);
  assert.match(foreign, /mine.csv is not a file of this portal/);
  await accessible(page);
  await shot(page, 'verify');
  const text = await (await fetch(`${site}/snapshots/${manifest.id}/manifest.json`)).text();
  const [own] = await check(['manifest.json', Buffer.from(text)]);
  assert.match(own, /manifest.json of snapshot .*, unaltered/);
  // Dropped, as from a file manager.
  const dropped = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.json'));
    return data;
  }, text);
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: dropped });
  await page.waitForFunction(() => document.querySelector('.verified')?.innerText.includes('dropped.json'));
  assert.match(await page.locator('.verified').innerText(), /dropped.json is snapshots\/.*unaltered/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the whole snapshot is one archive, and the feed leads to it', async (t) => {
  const release = snapshot.releases.at(-1);
  if (!release.archive) return t.skip('this folder was published before there were archives');
  const { page, context } = await open(browser, '/en/downloads/');
  const href = await page.locator('#whole').locator('..').locator('a').first().getAttribute('href');
  const bytes = Buffer.from(await (await fetch(new URL(href, page.url()))).arrayBuffer());
  assert.equal(createHash('sha256').update(bytes).digest('hex'), release.archive.sha256);
  const parts = unzipped(bytes);
  for (const file of snapshot.manifest.files) {
    const found = createHash('sha256').update(parts.get(file.path)).digest('hex');
    assert.equal(found, file.sha256, file.path);
  }
  assert.ok(parts.has('README.txt') && parts.has(`snapshots/${release.snapshot}/manifest.json`));
  const feed = await page.locator('link[type="application/atom+xml"]').getAttribute('href');
  const answer = await fetch(new URL(feed, page.url()));
  assert.match(answer.headers.get('content-type'), /xml/);
  const errors = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'application/xml');
    const atom = 'http://www.w3.org/2005/Atom';
    const wrong = [...document.getElementsByTagName('parsererror')].map((it) => it.textContent);
    for (const parent of [document.documentElement, ...document.getElementsByTagNameNS(atom, 'entry')]) {
      for (const name of ['id', 'title', 'updated']) {
        const count = [...parent.children].filter((it) => it.localName === name).length;
        if (count !== 1) wrong.push(`${parent.localName} has ${count} ${name}`);
      }
    }
    return wrong;
  }, await answer.text());
  assert.deepEqual(errors, []);
  await context.close();
});
