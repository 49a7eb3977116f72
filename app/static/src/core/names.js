/** What places and things are called: in Chinese, or in Latin letters where those are known. */

const COMMUNITY = { zh: '社区', en: ' Shequ' }; // the word for community, as names end with it

/** @param {{name?: string | null, name_pinyin?: string | null}} thing @param {'en' | 'zh'} language @returns {string} */
export function nameIn(thing, language) {
  return (language === 'en' && thing.name_pinyin) || thing.name || '';
}

/** A community's name without the word for community, for where there is little room. */
export function shortNameIn(thing, language) {
  const [name, ending] = [nameIn(thing, language), COMMUNITY[language]];
  return name.endsWith(ending) && name.length > ending.length + 1 ? name.slice(0, -ending.length) : name;
}

/** `nameIn` as an expression of MapLibre. */
export function nameExpression(language) {
  const keys = language === 'en' ? ['name_pinyin', 'name'] : ['name'];
  return ['to-string', ['coalesce', ...keys.map(key => ['get', key]), '']];
}

/** `shortNameIn` as an expression of MapLibre. */
export function shortNameExpression(language) {
  const [name, ending] = [nameExpression(language), COMMUNITY[language]];
  const isLong = [
    'all',
    ['>', ['length', name], ending.length + 1],
    ['==', ['slice', name, -ending.length], ending],
  ];
  return ['case', isLong, ['slice', name, 0, -ending.length], name];
}
