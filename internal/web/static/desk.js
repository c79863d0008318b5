// Marks a passage in the reading pane. The form beside it works without this
// script: the words can be pasted by hand and the server finds them.
//
// Markup: an element [data-reading] holding the text alone (no markup inside
// but <mark>), tabindex 0; a form [data-passage-form] with fields named
// quote, prefix, suffix, start and end; optionally [data-passage-shown],
// which repeats the chosen words.
// Positions are counted in code points, as the server counts them.
(() => {
  'use strict';
  const pane = document.querySelector('[data-reading]');
  const form = document.querySelector('[data-passage-form]');
  if (!pane || !form) return;
  const shown = document.querySelector('[data-passage-shown]');
  const context = 60;
  const points = (s) => Array.from(s).length;

  function offset(node, at) {
    const range = document.createRange();
    range.selectNodeContents(pane);
    range.setEnd(node, at);
    return range.toString().length;
  }

  function fill(start, end) {
    const text = pane.textContent;
    while (start < end && /\s/.test(text[start])) start++;
    while (end > start && /\s/.test(text[end - 1])) end--;
    if (start >= end) return;
    const before = Array.from(text.slice(0, start));
    const quote = text.slice(start, end);
    const set = (name, value) => {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    };
    set('quote', quote);
    set('prefix', before.slice(-context).join(''));
    set('suffix', Array.from(text.slice(end, end + 2 * context)).slice(0, context).join(''));
    set('start', before.length);
    set('end', before.length + points(quote));
    if (shown) shown.textContent = quote;
    form.dispatchEvent(new CustomEvent('passage', { bubbles: true }));
  }

  function take() {
    const s = document.getSelection();
    if (!s || s.isCollapsed || !s.rangeCount) return;
    const r = s.getRangeAt(0);
    if (!pane.contains(r.startContainer) || !pane.contains(r.endContainer)) return;
    fill(offset(r.startContainer, r.startOffset), offset(r.endContainer, r.endOffset));
  }
  pane.addEventListener('mouseup', () => setTimeout(take));
  pane.addEventListener('touchend', () => setTimeout(take));

  // Keyboard: arrows move by a word (up and down by a line), with Shift they
  // stretch the passage, Enter takes it and goes on to the form.
  const steps = {
    ArrowLeft: ['left', 'word'], ArrowRight: ['right', 'word'],
    ArrowUp: ['backward', 'line'], ArrowDown: ['forward', 'line'],
    Home: ['backward', 'lineboundary'], End: ['forward', 'lineboundary'],
  };
  pane.addEventListener('keydown', (e) => {
    const s = document.getSelection();
    if (e.key === 'Enter') {
      take();
      const next = form.querySelector('[data-passage-next]') || form.querySelector('select, input:not([type=hidden]), textarea');
      if (next) next.focus();
      e.preventDefault();
      return;
    }
    const step = steps[e.key];
    if (!step || e.ctrlKey || e.metaKey || e.altKey) return;
    if (!s.rangeCount || !pane.contains(s.anchorNode)) s.collapse(pane, 0);
    s.modify(e.shiftKey ? 'extend' : 'move', step[0], step[1]);
    if (s.focusNode && !pane.contains(s.focusNode)) s.extend(pane, pane.childNodes.length);
    e.preventDefault();
  });
  pane.addEventListener('keyup', (e) => {
    if (e.shiftKey || e.key === 'Shift') take();
  });
})();

// Puts a citation where the caret was. Without this script the button sends the
// form, and the server puts it at the end of a line or of the text.
//
// Markup: a textarea [data-cites], in the same form a hidden field [data-caret]
// and buttons [data-cite] whose value is the citation. A search for citations
// loads the page anew: the caret travels in the hidden field, in code points.
(() => {
  'use strict';
  const area = document.querySelector('[data-cites]');
  const caret = document.querySelector('[data-caret]');
  if (!area || !caret) return;
  const line = document.getElementById('f-line');
  let at = null;
  const put = (place) => {
    at = place;
    caret.value = Array.from(area.value.slice(0, at)).length;
  };
  const note = () => {
    put(area.selectionEnd);
    if (line) line.value = '';
  };
  // A line named by its number beats the caret.
  line?.addEventListener('input', () => {
    const n = Number(line.value);
    if (n > 0) put(area.value.split('\n').slice(0, n).join('\n').length);
  });
  for (const event of ['keyup', 'mouseup', 'input', 'select', 'blur']) area.addEventListener(event, note);
  if (caret.dataset.caret) {
    at = Array.from(area.value).slice(0, Number(caret.dataset.caret)).join('').length;
    caret.value = caret.dataset.caret;
  }
  if (area.dataset.line) {
    // A finding's line is chosen, so that the caret and the eye are there.
    const lines = area.value.split('\n');
    const start = lines.slice(0, area.dataset.line - 1).reduce((n, l) => n + l.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[area.dataset.line - 1] || '').length);
  }
  for (const button of document.querySelectorAll('button[data-cite]')) {
    button.addEventListener('click', (e) => {
      const text = area.value;
      const place = at === null ? text.trimEnd().length : at;
      const gap = place > 0 && !/\s/.test(text[place - 1]) ? ' ' : '';
      area.setRangeText(gap + button.value, place, place, 'end');
      area.focus();
      note();
      e.preventDefault();
    });
  }
})();
