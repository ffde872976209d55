// The corrections that can be made, each a step that can be taken back.

const framesOf = (row) => [nearest(row.start), nearest(row.end)];
const without = (...rows) => now.rows.filter((x) => !rows.includes(x));
const clamp = (value, low, high) => Math.max(Math.min(value, high), low);

// A time that stays on its frame stays what it is.
function withFrames(row, first, stop) {
  const [before, after] = framesOf(row);
  const start = first === before ? row.start : startOf(first);
  const end = stop === after ? row.end : startOf(stop);
  return { ...row, start, end };
}

// The segment with its "start" or "end" at a frame; one frame is left of it.
function moved(row, side, frame) {
  const [first, stop] = framesOf(row);
  return side === "start" ?
    withFrames(row, clamp(frame, 0, Math.max(stop - 1, 0)), stop) :
    withFrames(row, first, clamp(frame, first + 1, nearest(now.seconds)));
}

function moveEdge(side, frame) {
  const row = now.chosen, next = moved(row, side, frame);
  if (next.start === row.start && next.end === row.end) return;
  // The edge's own value is read out; a message would say it twice.
  change("", [...without(row), next], next, side);
  seekFrame(side === "start" ? framesOf(next)[0] : framesOf(next)[1] - 1);
}

function choose(row) {
  now.chosen = row;
  showChosen();
  redraw();
}

function markStart() {
  now.mark = frameAt(video.currentTime);
  say(`Starts at ${clock(startOf(now.mark))}: press O where it ends.`);
  redraw();
}

function addToHere() {
  if (now.mark === null) {
    say("Press I where the segment starts, then O where it ends.");
    return;
  }
  const here = frameAt(video.currentTime);
  const k = by("label").selectedIndex;
  const row = {
    k,
    start: startOf(Math.min(now.mark, here)),
    end: startOf(Math.max(now.mark, here) + 1),
    score: null,
    from: null,
  };
  now.mark = null;
  now.shown[k] = true;
  change(`Added ${now.classes[k]}, ${span(row)}.`, [...now.rows, row], row);
}

function split() {
  const at = frameAt(video.currentTime);
  const holds = (row) => framesOf(row)[0] < at && at < framesOf(row)[1];
  const row = [now.chosen, ...now.rows].find((x) => x && holds(x));
  if (!row) {
    say("To split a segment, go to a frame inside it.");
    return;
  }
  const [first, stop] = framesOf(row);
  const parts = [withFrames(row, first, at), withFrames(row, at, stop)];
  change(`Split ${now.classes[row.k]} at ${clock(startOf(at))}.`,
    [...without(row), ...parts], parts[1]);
}

function join() {
  const row = now.chosen;
  const next = row && now.rowsOf[row.k][now.rowsOf[row.k].indexOf(row) + 1];
  if (!next) {
    say("To join, choose a segment with another of its class after it.");
    return;
  }
  const whole = { ...row, end: Math.max(row.end, next.end) };
  change(`Joined ${now.classes[row.k]}, ${span(whole)}.`,
    [...without(row, next), whole], whole);
}

function remove() {
  const row = now.chosen;
  if (!row) {
    say("Choose the segment to delete first.");
    return;
  }
  const place = now.rows.indexOf(row), rows = without(row);
  const next = rows[Math.min(place, rows.length - 1)] || null;
  change(`Deleted ${now.classes[row.k]}, ${span(row)}.`, rows, next);
}

function relabel(k) {
  const row = now.chosen;
  if (!row || row.k === k) return;
  const next = { ...row, k };
  now.shown[k] = true;
  change(`${span(row)} is ${now.classes[k]}.`, [...without(row), next], next,
    "label");
}

function revert() {
  change("All as it was found.", now.original, null);
}

function takeTruth() {
  const rows = now.truth.map((x) => ({ ...x, score: null, from: null }));
  change("The ground truth is what is corrected now.", rows, null);
}
