// What was corrected. A segment is { k, start, end, score, from }: its class,
// its times in seconds, its score, and its place among what was found; the
// last two are null where a person added it. No segment ever changes: a
// correction makes another list, and the lists before it stay to go back to.

const MOST_STEPS = 500;
const byTime = (a, b) => a.start - b.start || a.end - b.end;

function begin(each) {
  each.original = each.found.map(([k, start, end, score], from) =>
    ({ k, start, end, score, from }));
  each.truth = each.truth &&
    each.truth.map(([k, start, end]) => ({ k, start, end }));
  const rows = recalled(each) || each.original;
  each.steps = [{ rows, chosen: null, tag: null }];
  each.at = 0;
  each.saved = each.original;
  each.isKept = true;
  each.chosen = null;
  // The frame where a segment to be added starts, once it was marked.
  each.mark = null;
  place(each, rows);
}

function place(each, rows) {
  each.rows = rows;
  each.rowsOf = each.classes.map(() => []);
  for (const row of rows) each.rowsOf[row.k].push(row);
}

// Of a series with one tag, such as an edge that moves by many frames, only
// the last is a step to go back from.
function change(said, rows, chosen, tag = null) {
  const before = now.steps[now.at];
  const goesOn = tag && before.tag === tag && before.chosen === now.chosen;
  now.steps.length = now.at + (goesOn ? 0 : 1);
  now.steps.push({ rows: [...rows].sort(byTime), chosen, tag });
  if (now.steps.length > MOST_STEPS) now.steps.shift();
  now.at = now.steps.length - 1;
  settle(said);
}

function travel(steps) {
  if (!now.steps[now.at + steps]) return;
  now.at += steps;
  now.steps[now.at].tag = null;
  settle(steps < 0 ? "Undone." : "Done again.");
}

function settle(said) {
  const { rows, chosen } = now.steps[now.at];
  now.chosen = chosen;
  place(now, rows);
  now.isKept = keep(now);
  listSegments();
  redraw();
  follow();
  if (said) say(said);
  if (!now.isKept) say("This browser keeps nothing: save before you leave.");
}

// Marks.
function markOf(each, row) {
  if (row.from === null) return "added";
  const was = each.original[row.from];
  const same = row.k === was.k && row.start === was.start &&
    row.end === was.end;
  return same ? "" : "changed";
}

function removedFrom(each) {
  const left = new Set(each.rows.map((row) => row.from));
  return each.original.filter((row) => !left.has(row.from));
}

function countMarks(each) {
  const marks = each.rows.map((row) => markOf(each, row));
  const changed = marks.filter((x) => x === "changed").length;
  const added = marks.filter((x) => x === "added").length;
  return { changed, added, removed: removedFrom(each).length };
}

const isCorrected = (each) => each.rows !== each.original &&
  Object.values(countMarks(each)).some((count) => count > 0);
const isSaved = (each) => each.rows === each.saved || !isCorrected(each);

// The browser keeps corrections until they are taken back, by what was found:
// a page of another model or threshold starts anew.
const keyOf = (each) => `fsn_tf corrections of ${each.id}`;

function keep(each) {
  const rows = each.rows.map((x) => [x.k, x.start, x.end, x.score, x.from]);
  try {
    if (isCorrected(each)) {
      localStorage.setItem(keyOf(each), JSON.stringify(rows));
    } else {
      localStorage.removeItem(keyOf(each));
    }
  } catch {
    return false;
  }
  return true;
}

function recalled(each) {
  try {
    const rows = JSON.parse(localStorage.getItem(keyOf(each)));
    const is = ([k, start, end, score, from]) =>
      Object.hasOwn(each.classes, k) && start >= 0 && start <= end &&
      Number.isFinite(end) &&
      (from === null || Number.isFinite(score) &&
        Object.hasOwn(each.original, from));
    if (!rows || !rows.every(is)) return null;
    return rows.map(([k, start, end, score, from]) =>
      ({ k, start, end, score, from }));
  } catch {
    return null;
  }
}
