// Works for a signature's mail to leave at once. The form is sent and counts
// without this script too; its mail then leaves later.
//
// Markup: a form [data-puzzle] with the address of a puzzle, and [data-wait]
// with what is said while the work is not done. The same file runs as a worker.
//
// A puzzle is 38 bytes in base64url. For each part i a number is wanted so that
// the SHA-256 of puzzle, byte i and number (four bytes, highest first) begins
// with so many zero bits. These 43 bytes are one block of SHA-256.
(() => {
  'use strict';
  const initial = [], constants = [];
  // The first 32 bits of the fractions of roots of the primes (FIPS 180-4).
  for (let n = 2; constants.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    const bits = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
    if (initial.length < 8) initial.push(bits(Math.sqrt(n)));
    constants.push(bits(Math.cbrt(n)));
  }
  const H = Int32Array.from(initial), K = Int32Array.from(constants), w = new Int32Array(64);

  // head returns the first 32 bits of the hash of the block in w[0…15].
  function head() {
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = (w[i - 16] + w[i - 7] +
        ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
        ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
    }
    let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
    for (let i = 0; i < 64; i++) {
      const s = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + w[i]) | 0;
      const t = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
      h = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
    }
    return (a + H[0]) | 0;
  }

  // search looks at up to `most` numbers from `from` on for one part, and returns
  // the number, or -1.
  function search(words, zeros, part, from, most) {
    for (let n = from; n < from + most; n++) {
      for (let i = 0; i < 9; i++) w[i] = words[i];
      w[9] = words[9] | part << 8 | n >>> 24;
      w[10] = n << 8 | 0x80;
      w[11] = w[12] = w[13] = w[14] = 0;
      w[15] = 43 * 8;
      if (Math.clz32(head()) >= zeros) return n;
    }
    return -1;
  }

  function solve(puzzle, zeros, parts, done, pause) {
    const raw = atob(puzzle.replace(/-/g, '+').replace(/_/g, '/'));
    const words = new Int32Array(10);
    for (let i = 0; i < 38; i++) words[i >> 2] |= raw.charCodeAt(i) << (24 - 8 * (i & 3));
    let part = 0, from = 0, found = '';
    const chunk = pause ? 500 : 50000;
    (function on() {
      const until = Date.now() + 12;
      for (;;) {
        const n = search(words, zeros, part, from, chunk);
        from += chunk;
        if (n >= 0) {
          found += String.fromCharCode(n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255);
          from = 0;
          if (++part === parts) {
            done(puzzle + '.' + btoa(found).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, ''));
            return;
          }
        }
        // Without a worker the page itself works, and stays usable in between.
        if (pause && Date.now() > until) { setTimeout(on, 20); return; }
      }
    })();
  }

  if (typeof document === 'undefined') {
    onmessage = (e) => solve(e.data.puzzle, e.data.bits, e.data.parts, (work) => postMessage(work), false);
    return;
  }

  const form = document.querySelector('form[data-puzzle]');
  if (!form || !window.fetch) return;
  const source = document.currentScript.src;
  const patience = 10000; // milliseconds that sending waits for the work
  let began = false, over = false, sending = false, worker = null;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'work';
  form.append(field);

  function end(work) {
    if (over) return;
    over = true;
    if (worker) worker.terminate();
    field.value = work;
    if (sending) form.submit();
  }

  function begin() {
    if (began) return;
    began = true;
    fetch(form.dataset.puzzle, {credentials: 'omit', cache: 'no-store'}).then((r) => r.status === 200 ? r.json() : null).then((p) => {
      if (!p) { end(''); return; }
      const alone = () => solve(p.puzzle, p.bits, p.parts, end, true);
      try {
        worker = new Worker(source);
        worker.onmessage = (e) => end(e.data);
        worker.onerror = () => { worker.terminate(); worker = null; alone(); };
        worker.postMessage(p);
      } catch {
        alone();
      }
      // A puzzle is good for an hour; whoever takes longer gets another.
      setTimeout(() => { if (!sending) { began = over = false; field.value = ''; begin(); } }, 50 * 60000);
    }).catch(() => end(''));
  }

  form.addEventListener('focusin', begin);
  form.addEventListener('submit', (e) => {
    if (over) return;
    e.preventDefault();
    if (sending) return;
    sending = true;
    begin();
    const note = document.createElement('p');
    note.className = 'note';
    note.setAttribute('role', 'status');
    form.append(note);
    note.textContent = form.dataset.wait;
    setTimeout(() => end(''), patience);
  });
})();
