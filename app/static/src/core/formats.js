/**
 * Numbers, shares, ground and dates as each language writes them, units always named.
 * Units of Chinese stand close to their number; English has a narrow no-break space.
 */

const THIN = '\u202f';
const MINUS = '\u2212';
const HECTARE_M2 = 10_000;
const SQUARE_KM_M2 = 1_000_000;

/**
 * @param {string} locale as Intl knows it: 'en-GB' or 'zh-Hans-CN'
 */
export function formats(locale) {
  const chinese = locale.startsWith('zh');
  const numbers = digits =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits });
  const [whole, tenths, hundredths] = [numbers(0), numbers(1), numbers(2)];
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const dayShort = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: chinese ? 'numeric' : 'short',
    day: 'numeric',
  });
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  const onFoot = unit => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 2 });
  const [metres, kilometres] = [onFoot('meter'), onFoot('kilometer')];
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const withUnit = (number, en, zh) => (chinese ? `${number}${zh}` : `${number}${THIN}${en}`);

  return {
    /** 12,345 */
    count: n => whole.format(n),

    /** Share 0–1 as "24 %". */
    percent: share => withUnit(whole.format(share * 100), '%', '%'),

    /** The same with a tenth, where a tenth matters: "98.5 %". */
    percentFine: share => withUnit(tenths.format(share * 100), '%', '%'),

    /** 1.9 */
    tenth: n => tenths.format(n),

    /** Share off the target, always with its sign: "+24 %", "−7 %", "0 %". */
    deviation(share) {
      const percent = Math.round(share * 100);
      const sign = percent > 0 ? '+' : percent < 0 ? MINUS : '';
      return sign + withUnit(whole.format(Math.abs(percent)), '%', '%');
    },

    /** Square metres as m², hectares or km², whichever reads best. */
    area(m2) {
      if (m2 < HECTARE_M2 / 2) return withUnit(whole.format(m2), 'm²', '平方米');
      if (m2 < SQUARE_KM_M2) return withUnit(tenths.format(m2 / HECTARE_M2), 'ha', '公顷');
      return withUnit(hundredths.format(m2 / SQUARE_KM_M2), 'km²', '平方公里');
    },

    /** Hectares as a bare number, for a column whose head names the unit. */
    hectares: m2 => tenths.format(m2 / HECTARE_M2),

    /** Metres as m or km. */
    distance: m =>
      m < 1000 ? withUnit(whole.format(m), 'm', '米') : withUnit(tenths.format(m / 1000), 'km', '公里'),

    /** A way on foot, no finer than anybody walks: two digits that matter. */
    onFoot: m => (m < 1000 ? metres.format(m) : kilometres.format(m / 1000)),

    /** 0–1 with two digits. */
    compactness: value => hundredths.format(value),

    /** Five digits are about a metre. */
    lonLat: ([lon, lat]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`,

    /** @param {string} instant ISO 8601 */
    date: instant => day.format(new Date(instant)),
    dateShort: instant => dayShort.format(new Date(instant)),
    dateTime: instant => moment.format(new Date(instant)),
    time: instant => clock.format(new Date(instant)),
  };
}
