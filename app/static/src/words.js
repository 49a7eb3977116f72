/**
 * What pages say, in the language of <html lang>: `t('grid-households', { n: 312 })`.
 * The texts are app/words/<language>/*.ftl, the same that the server reads.
 */
import { FluentBundle, FluentResource } from '@fluent/bundle';

/** 'en' or 'zh'. */
export const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';

/** For Intl: how numbers and dates are written. */
export const locale = language === 'zh' ? 'zh-Hans-CN' : 'en-GB';

const bundle = new FluentBundle(locale, { useIsolating: false });
const { default: text } = await (language === 'zh' ? import('words:zh') : import('words:en'));
bundle.addResource(new FluentResource(text));

/**
 * A message with its facts filled in. Plain text: show it through `textContent`.
 *
 * @param {string} id
 * @param {Record<string, string | number>} [facts]
 * @returns {string}
 */
export function t(id, facts) {
  const message = bundle.getMessage(id);
  if (!message?.value) {
    console.error(`No words for “${id}”`);
    return id;
  }
  return bundle.formatPattern(message.value, facts);
}
