/** Making elements. Text becomes text, never markup; there is no way to pass HTML. */

const SVG = 'http://www.w3.org/2000/svg';
const iconFile = document.documentElement.dataset.icons;

/**
 * An element with attributes and children: `el('button', { class: 'button', onclick: save }, icon('save'), t('save'))`.
 *
 * An attribute beginning with "on" listens; true sets it empty; false, null and undefined leave it out.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for parts of a drawing. @returns {SVGElement} */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

/** A symbol of the sprite that script/build makes of every name it finds here. Silent: words stand beside it. */
export function icon(name, className = 'icon') {
  return svg('svg', { class: className, 'aria-hidden': 'true' }, svg('use', { href: `${iconFile}#${name}` }));
}

/** Put these in place of what an element holds. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter(isShown));
  return parent;
}

/**
 * Make an element say what another one says, touching only what differs: the page lays out and draws no more than that.
 * Who listens stays, so both must be about the same thing.
 *
 * @param {Element} element @param {Element} wanted is used up
 */
export function patch(element, wanted) {
  if (element.isEqualNode(wanted)) return;
  for (const { name } of [...element.attributes])
    if (!wanted.hasAttribute(name)) element.removeAttribute(name);
  for (const { name, value } of wanted.attributes)
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  const [have, want] = [[...element.childNodes], [...wanted.childNodes]];
  if (have.length !== want.length || want.some((child, at) => child.nodeName !== have[at].nodeName))
    return void element.replaceChildren(...want);
  want.forEach((child, at) => {
    if (child.nodeType === Node.TEXT_NODE) {
      if (have[at].data !== child.data) have[at].data = child.data;
    } else patch(have[at], child);
  });
}

/** What the server put into the page: <script type="application/json" id="page-facts">. */
export function pageFacts() {
  return JSON.parse(document.getElementById('page-facts')?.textContent || '{}');
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' && 'value' in element) element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(isShown));
  return element;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}
