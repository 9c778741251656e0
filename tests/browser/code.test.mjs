// The lines of code that the portal offers are run against the files that it serves. A program that this machine
// lacks is named and left out.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { open, start } from './portal.mjs';

const run = promisify(execFile);
const python = process.env.MINGSHI_PYTHON ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'mingshi-code-'));
const lines = new Map();
let rows;
before(async () => {
  const browser = await start();
  const { page, context } = await open(browser, '/en/downloads/');
  await page.waitForSelector('details.code');
  for (const line of await page.locator('details.code .copy').all()) {
    const label = await line.locator('.copy-label').textContent();
    lines.set(label, await line.locator('code').textContent());
  }
  const csv = /"([^"]*\.csv)"/.exec(lines.get('curl'))[1];
  rows = (await (await fetch(csv)).text()).trim().split('\n').length - 1;
  await context.close();
  await browser.close();
});
after(() => rmSync(folder, { recursive: true }));

/** Whether a program answers. The set-up's own Python has every package: if it lacks one, the test must fail. */
const there = (program, ...args) => run(program, args).then(() => true, (error) => {
  if (program === process.env.MINGSHI_PYTHON) throw error;
  return false;
});

test('curl', async () => {
  await run('sh', ['-c', lines.get('curl')], { cwd: folder });
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  const text = readFileSync(join(folder, file), 'utf8');
  assert.ok(text.startsWith('\ufeff'), 'Excel needs the mark to know the encoding');
  assert.equal(text.trim().split('\n').length - 1, rows);
});

/** Loads the extension for addresses from where Python's packages lie: DuckDB would download it. */
const ADDRESSES = `import duckdb, duckdb_extension_httpfs, pathlib
extension, = pathlib.Path(duckdb_extension_httpfs.__file__).parent.glob('extensions/*/*.duckdb_extension')
duckdb.sql(f"LOAD '{extension}'")`;

test('DuckDB', async (t) => {
  if (!(await there(python, '-c', ADDRESSES))) return t.skip('no DuckDB with httpfs here');
  const line = JSON.stringify(lines.get('DuckDB'));
  const { stdout } = await run(python, ['-c', `${ADDRESSES}\nprint(len(duckdb.sql(${line}).fetchall()))`]);
  assert.equal(stdout.trim(), String(Math.min(10, rows)));
});

test('pandas', async (t) => {
  if (!(await there(python, '-c', 'import pandas, pyarrow'))) return t.skip('no pandas here');
  const { stdout } = await run(python, ['-c', `${lines.get('pandas')}\nprint(len(df), 'status' in df.columns)`]);
  assert.equal(stdout.trim(), `${rows} True`);
});

test('R', async (t) => {
  if (!(await there('Rscript', '--version'))) return t.skip('no R here');
  const { stdout } = await run('Rscript', ['-e', `${lines.get('R')}; cat(nrow(df), names(df)[1])`]);
  assert.equal(stdout.trim(), `${rows} indicator`);
});

test('Excel gets UTF-8 with its mark', async () => {
  const url = /"([^"]*\.csv)"/.exec(lines.get('Excel'))[1];
  assert.match(lines.get('Excel'), /^= Csv\.Document\(Web\.Contents\(".*"\), \[Encoding = 65001\]\)$/);
  const answer = await fetch(url);
  assert.match(answer.headers.get('content-type'), /text\/csv/);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.deepEqual([...bytes.slice(0, 3)], [0xef, 0xbb, 0xbf]);
});
