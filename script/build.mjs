/**
 * From app/static/src, app/static/css and app/words to app/static/build: files with a hash of what is in them
 * in their names, each also packed by gzip and brotli, and manifest.json, which tells the name of each.
 *
 * A file is written before the manifest names it and stays a day after it no longer does: pages that are
 * open, and other processes, never miss one.
 */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = join(ROOT, 'app', 'static', 'src');
const STYLES = join(ROOT, 'app', 'static', 'css');
const TEMPLATES = join(ROOT, 'app', 'templates');
const WORDS = join(ROOT, 'app', 'words');
const ICONS = join(ROOT, 'node_modules', 'lucide-static', 'icons');
const OUT = join(ROOT, 'app', 'static', 'build');
const MANIFEST = join(OUT, 'manifest.json');
const WORKER = join(ROOT, 'node_modules', 'maplibre-gl', 'dist', 'maplibre-gl-worker.mjs');
const DAY_MS = 24 * 3600 * 1000;

const SERVER_ONLY = ['refusals.ftl', 'parts.ftl']; // the server words its refusals itself

const madeOf = fingerprint();
if (process.argv.includes('--if-needed') && existsSync(MANIFEST) && read().madeOf === madeOf) process.exit(0);

mkdirSync(OUT, { recursive: true });
const { names: bundled, parts } = await bundle();
const names = {
  ...bundled,
  'icons.svg': write('icons.svg', iconSprite()),
  'mark.svg': write('mark.svg', readFileSync(join(TEMPLATES, 'mark.svg'))),
};
for (const name of readdirSync(OUT)) if (/-[A-Z0-9]{8}\.(js|css|svg)$/.test(name)) pack(name);
const unfinished = `${MANIFEST}.${process.pid}`;
writeFileSync(unfinished, JSON.stringify({ madeOf, names, parts }, null, 1));
renameSync(unfinished, MANIFEST);
sweep();

/** Bundle every page's script and style, and MapLibre's worker, with what they share in common files. */
async function bundle() {
  const { metafile } = await build({
    entryPoints: [
      ...listed(join(SOURCES, 'pages'), '.js').map(path => ({ in: path, out: basename(path, '.js') })),
      ...pageStyles().map(path => ({ in: path, out: basename(path, '.css') })),
      ...['en', 'zh'].map(language => ({ in: `words:${language}`, out: `words.${language}` })),
      { in: WORKER, out: 'map-worker' },
      { in: join(SOURCES, 'phone', 'worker.js'), out: 'phone-worker' },
    ],
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    outdir: OUT,
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    assetNames: '[name]-[hash]',
    metafile: true,
    logLevel: 'warning',
    nodePaths: [join(ROOT, 'node_modules')],
    absWorkingDir: ROOT,
    plugins: [wordsOfLanguage()],
  });
  const [names, parts] = [{}, {}];
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (!entryPoint || basename(path).startsWith('part-')) continue;
    names[plain(path)] = basename(path);
    if (path.endsWith('.js')) parts[plain(path)] = partsOf(path, metafile.outputs);
  }
  return { names, parts };
}

/** What a script will import, at once or later, so that the page can ask for all of it together. */
function partsOf(path, outputs, found = new Set()) {
  for (const { path: part } of outputs[path].imports) {
    if (!outputs[part] || !basename(part).startsWith('part-') || found.has(basename(part))) continue;
    found.add(basename(part));
    partsOf(part, outputs, found);
  }
  return [...found].sort();
}

/** app.css, and the style of each page that has one of its own; the others are parts of these. */
function pageStyles() {
  const pages = ['app', ...listed(join(SOURCES, 'pages'), '.js').map(path => basename(path, '.js'))];
  return pages.map(name => join(STYLES, `${name}.css`)).filter(path => existsSync(path));
}

/** `map.js` for app/static/build/map-4KQZ2X7A.js. */
function plain(path) {
  return basename(path).replace(/-[A-Z0-9]{8}(?=\.\w+$)/, '');
}

/** `import … from 'words:zh'` is the text of every .ftl file of a language that pages may need. */
function wordsOfLanguage() {
  const read = ({ path: language }) => {
    const files = listed(join(WORDS, language), '.ftl').filter(path => !SERVER_ONLY.includes(basename(path)));
    const text = files
      .map(path => readFileSync(path, 'utf8'))
      .join('\n')
      .replace(/^#.*\n/gm, '');
    return { contents: `export default ${JSON.stringify(text)}`, loader: 'js' };
  };
  return {
    name: 'words',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^words:(en|zh)$/ }, ({ path }) => ({
        path: path.slice('words:'.length),
        namespace: 'words',
      }));
      onLoad({ filter: /./, namespace: 'words' }, read);
    },
  };
}

/** One SVG with a symbol for every icon that templates and scripts ask for as `icon('name')`. */
function iconSprite() {
  const asked = new Set();
  for (const path of [...listed(TEMPLATES, '.html'), ...listed(SOURCES, '.js')]) {
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/\bicon\(\s*['"]([a-z0-9-]+)['"]/g))
      asked.add(name);
  }
  const symbols = [...asked].sort().map(name => {
    const file = join(ICONS, `${name}.svg`);
    if (!existsSync(file))
      throw new Error(
        `There is no icon “${name}” in lucide-static. Choose one of node_modules/lucide-static/icons.`,
      );
    const drawn = readFileSync(file, 'utf8')
      .replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '')
      .replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${drawn}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('\n')}</svg>`;
}

/** Put text into a file named after what is in it. */
function write(name, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
  const named = name.replace(/(?=\.\w+$)/, `-${hash}`);
  writeFileSync(join(OUT, named), text);
  return named;
}

/** Write .gz and .br beside a file, so that no request waits for them. */
function pack(name) {
  const path = join(OUT, name);
  if (existsSync(`${path}.br`)) return;
  const text = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
  );
}

/** Remove what no page has asked for since yesterday: files of former builds. */
function sweep() {
  const kept = new Set([...reachable(Object.values(names)), basename(MANIFEST)]);
  for (const name of readdirSync(OUT)) {
    const old = Date.now() - statSync(join(OUT, name)).mtimeMs > DAY_MS;
    if (old && !kept.has(name.replace(/\.(gz|br)$/, ''))) rmSync(join(OUT, name));
  }
}

/** These files and all they import. */
function reachable(files) {
  const found = new Set();
  const visit = name => {
    if (found.has(name) || !existsSync(join(OUT, name))) return;
    found.add(name);
    if (name.endsWith('.js')) {
      for (const [part] of readFileSync(join(OUT, name), 'utf8').matchAll(/[\w.-]+-[A-Z0-9]{8}\.js/g))
        visit(part);
    }
  };
  files.forEach(visit);
  return found;
}

/** What the result depends on, as one hash. */
function fingerprint() {
  const hash = createHash('sha256');
  const paths = [SOURCES, STYLES, TEMPLATES, WORDS].flatMap(folder => listed(folder, ''));
  for (const path of [...paths, fileURLToPath(import.meta.url), join(ROOT, 'package-lock.json')]) {
    hash.update(relative(ROOT, path)).update('\0').update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Files below a folder that end so, in the same order everywhere. */
function listed(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      entry => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes('__pycache__'),
    )
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

function read() {
  return JSON.parse(readFileSync(MANIFEST, 'utf8'));
}
