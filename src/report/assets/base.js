// What the scripts of pages share. Text from profiles is only ever set as text.
'use strict';
const cprof = {};

cprof.dark = matchMedia('(prefers-color-scheme: dark)');
cprof.coarse = matchMedia('(pointer: coarse)');
cprof.still = matchMedia('(prefers-reduced-motion: reduce)');

// Does a key belong to what is typed into?
cprof.isTyping = (event) => /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !/^(radio|checkbox)$/.test(event.target.type);

cprof.element = (tag, text, className) => {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (className) e.className = className;
  return e;
};

// Characters that show nothing or turn the text around are spelled out.
cprof.visible = (text) =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (c) =>
    c === '\n' ? '\\n' : c === '\t' ? '\\t' : '\\u{' + c.charCodeAt(0).toString(16) + '}');

// Text as an expression that finds it.
cprof.literally = (text) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

// Without capital letters in it the expression matches both cases. What is no expression is searched for as it stands, like
// main.(*counter).add: the result says `isText`.
cprof.expression = (text) => {
  const [, given, rest] = /^\(\?([ims]+)\)(.*)$/s.exec(text) ?? [, '', text];
  const flags = [...new Set(given + (text === text.toLowerCase() ? 'i' : ''))].join('');
  for (const mode of ['u', '']) {  // without it more characters may be escaped
    try {
      return new RegExp(rest, flags + mode);
    } catch (e) { /* not by these rules */ }
  }
  return Object.assign(new RegExp(cprof.literally(text), flags + 'u'), {isText: true});
};

// ---- values ---------------------------------------------------------------------------------------------------------
// `scale` is what the server writes: {ratio, units: [[name, factor], …]}.

cprof.unitFor = (v, scale) => {
  let unit = scale.units[0];
  for (const u of scale.units) if (Math.abs(v * scale.ratio) * u[1] >= 1) unit = u;
  return unit;
};

cprof.amountIn = (v, scale, [name, factor]) => {
  if (scale.ratio !== 1) v = Math.trunc(v * scale.ratio);
  const text = (v * factor).toFixed(2).replace(/\.00$/, '');
  return text === '0' || text === '-0' ? '0' : text + name;
};

cprof.amount = (v, scale) => cprof.amountIn(v, scale, cprof.unitFor(v, scale));

cprof.share = (v, total) => {
  if (!(total > 0)) return '–';
  const percent = 100 * v / total;
  if (percent === 0) return '0%';
  if (Math.abs(percent) < 0.01) return '<0.01%';
  return percent.toFixed(percent >= 99.95 ? 0 : percent >= 10 ? 1 : 2) + '%';
};
