// The edges of segments, which are dragged on the canvas, or by two handles at
// those of the chosen one: sliders, so that keys move them as well.

// How near counts, in CSS pixels.
const GRAB = 6, SNAP = 8;
const handles = { start: by("start-edge"), end: by("end-edge") };

let drag = null;     // the edge that the pointer moves

// The edge that a place on the canvas grabs. Inside a segment it is at most a
// third of it, so that what is short can be clicked, too.
function edgeAt(at) {
  if (!at.onFound) return null;
  let best = null;
  for (const row of now.rowsOf[at.k]) {
    const left = toX(row.start), right = toX(row.end);
    const inside = Math.min(GRAB, (right - left) / 3);
    const offsets = { start: at.x - left, end: at.x - right };
    for (const [side, offset] of Object.entries(offsets)) {
      const inward = side === "start" ? offset : -offset;
      const far = Math.abs(offset);
      if (inward > inside || far > GRAB || best && far >= best.far) continue;
      best = { row, side, offset, far };
    }
  }
  return best;
}

// The frame nearest to a place, or a crossing of the threshold close to it.
function frameNear(k, x, free) {
  const seconds = toSeconds(x), frame = nearest(seconds);
  if (free || !by("snap").checked) return frame;
  const crossing = closest(now.crossings[k], frame);
  const isNear = crossing !== undefined &&
    Math.abs(toX(startOf(crossing)) - x) <= SNAP;
  return isNear ? crossing : frame;
}

function placeAmong(frames, frame) {
  let low = 0, high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle] < frame) low = middle + 1;
    else high = middle;
  }
  return low;
}

function closest(frames, frame) {
  const after = placeAmong(frames, frame);
  const [a, b] = [frames[after - 1], frames[after]];
  return b === undefined || frame - a <= b - frame ? a ?? b : b;
}

// The crossing before or after a frame; a frame where there is none.
function crossingBeyond(k, frame, step) {
  const frames = now.crossings[k];
  const place = placeAmong(frames, step < 0 ? frame : frame + 1);
  return frames[step < 0 ? place - 1 : place] ?? frame;
}

function grab(event, edge) {
  event.preventDefault();
  event.target.setPointerCapture(event.pointerId);
  choose(edge.row);
  drag = { ...edge, others: without(edge.row), next: edge.row };
  tip.hidden = true;
}

function pull(event) {
  const x = event.clientX - canvas.getBoundingClientRect().left - drag.offset;
  const { row, side, others } = drag;
  const next = moved(row, side, frameNear(row.k, x, event.altKey));
  if (next.start === drag.next.start && next.end === drag.next.end) return;
  drag.next = next;
  now.chosen = next;
  place(now, [...others, next].sort(byTime));
  const [first, stop] = framesOf(next);
  seekFrame(side === "start" ? first : stop - 1);
  showChosen();
  soon();
}

function drop(isMeant) {
  if (!drag) return;
  const { row, others, next } = drag;
  drag = null;
  now.chosen = row;
  place(now, now.steps[now.at].rows);
  if (isMeant && (next.start !== row.start || next.end !== row.end)) {
    change(`${now.classes[next.k]} is ${span(next)}.`, [...others, next], next);
  } else {
    choose(row);
  }
}

// Pointers may tell more often than a screen shows.
let waits = false;
function soon() {
  if (waits) return;
  waits = true;
  requestAnimationFrame(() => {
    waits = false;
    redraw();
  });
}

function placeHandles() {
  const row = now.chosen, lane = row ? shownClasses().indexOf(row.k) : -1;
  for (const [side, handle] of Object.entries(handles)) {
    const x = row ? toX(row[side]) : 0;
    const inSight = lane >= 0 && x >= SIDE - 1 && x <= SIDE + width + 1;
    const hasFocus = document.activeElement === handle;
    handle.hidden = !inSight && !(hasFocus && row);
    if (!row) continue;
    const [first, stop] = framesOf(row);
    const frame = side === "start" ? first : stop;
    handle.style.left = `${x}px`;
    handle.style.top =
      `${AXIS + Math.max(lane, 0) * rowHeight() + LABEL + CURVE + GAP}px`;
    handle.setAttribute("aria-label", `${side === "start" ? "Start" : "End"} ` +
      `of ${now.classes[row.k]}`);
    handle.setAttribute("aria-valuemin", side === "start" ? 0 : first + 1);
    handle.setAttribute("aria-valuemax",
      side === "start" ? stop - 1 : nearest(now.seconds));
    handle.setAttribute("aria-valuenow", frame);
    handle.setAttribute("aria-valuetext",
      `${clock(row[side])}, frame ${frame}`);
  }
}

const FAR = 10;
const EDGE_KEYS = {
  ArrowLeft: (frame, event) => frame - (event.shiftKey ? FAR : 1),
  ArrowRight: (frame, event) => frame + (event.shiftKey ? FAR : 1),
  ArrowDown: (frame, event) => frame - (event.shiftKey ? FAR : 1),
  ArrowUp: (frame, event) => frame + (event.shiftKey ? FAR : 1),
  PageDown: (frame) => crossingBeyond(now.chosen.k, frame, -1),
  PageUp: (frame) => crossingBeyond(now.chosen.k, frame, 1),
  Enter: (_, __, side) =>
    frameAt(video.currentTime) + (side === "start" ? 0 : 1),
};

// Whether a handle that has the focus answered the key.
function keyOnHandle(event) {
  const side = Object.keys(handles).find((x) => handles[x] === event.target);
  if (!side || !now.chosen || !Object.hasOwn(EDGE_KEYS, event.key)) {
    return false;
  }
  const frame = nearest(now.chosen[side]);
  moveEdge(side, EDGE_KEYS[event.key](frame, event, side));
  return true;
}

function focusEdge(side) {
  if (!now.chosen) {
    say("Choose a segment first.");
    return;
  }
  seekStart(now.chosen.start);
  handles[side].hidden = false;
  handles[side].focus();
  handles[side].scrollIntoView({ block: "nearest" });
}

for (const [side, handle] of Object.entries(handles)) {
  handle.addEventListener("pointerdown", (event) => {
    const x = event.clientX - canvas.getBoundingClientRect().left;
    handle.focus();
    const offset = x - toX(now.chosen[side]);
    grab(event, { row: now.chosen, side, offset });
  });
}
for (const element of [canvas, ...Object.values(handles)]) {
  element.addEventListener("pointermove", (event) => drag && pull(event));
  element.addEventListener("pointerup", () => drop(true));
  element.addEventListener("pointercancel", () => drop(false));
}
