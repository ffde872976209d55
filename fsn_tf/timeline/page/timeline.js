// The timeline: drawn on a canvas, twice. `still` is all but the line of the
// present, so that only the line is drawn while a video plays.

// The parts of a row of the timeline, in CSS pixels.
const AXIS = 24, LABEL = 20, CURVE = 28, GAP = 3, BAR = 10, REST = 8, SIDE = 8;
let width = 1;       // of what the timeline shows, in CSS pixels; asking is slow
let still = null;    // the timeline without the line of the present

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 18000, 36000];

const shownClasses = () =>
  now.classes.map((_, k) => k).filter((k) => now.shown[k]);
const rowHeight = () =>
  LABEL + CURVE + (GAP + BAR) * (now.truth ? 2 : 1) + REST;
const toX = (seconds) =>
  SIDE + (seconds - view[0]) / (view[1] - view[0]) * width;
const toSeconds = (x) => Math.min(Math.max(
  view[0] + (x - SIDE) / width * (view[1] - view[0]), 0), now.seconds);

function redraw() {
  const height = AXIS + shownClasses().length * rowHeight();
  width = Math.max(canvas.clientWidth - 2 * SIDE, 1);
  const scale = window.devicePixelRatio || 1;
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(height * scale);
  still = document.createElement("canvas");
  still.width = canvas.width;
  still.height = canvas.height;
  const pen = still.getContext("2d");
  pen.scale(scale, scale);
  const style = getComputedStyle(document.documentElement);
  const ink = (name) => style.getPropertyValue(`--${name}`);
  pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  drawAxis(pen, ink, height);
  shownClasses().forEach((k, place) => {
    drawRow(pen, ink, k, AXIS + place * rowHeight());
  });
  drawNow();
  placeHandles();
}

function drawAxis(pen, ink, height) {
  const span = view[1] - view[0];
  const step = STEPS.find((x) => x / span * width >= 70) || 86400;
  pen.strokeStyle = ink("line");
  pen.fillStyle = ink("dim");
  for (let n = Math.ceil(view[0] / step); n * step <= view[1]; n += 1) {
    const x = Math.round(toX(n * step)) + 0.5;
    pen.beginPath();
    pen.moveTo(x, AXIS - 6);
    pen.lineTo(x, height);
    pen.stroke();
    const text = clock(n * step, step < 1 ? 1 : 0);
    const room = canvas.clientWidth - pen.measureText(text).width - 2;
    pen.fillText(text, Math.min(x + 4, room), 15);
  }
}

function drawRow(pen, ink, k, top) {
  pen.strokeStyle = ink("line");
  pen.beginPath();
  pen.moveTo(0, top + 0.5);
  pen.lineTo(canvas.clientWidth, top + 0.5);
  pen.stroke();
  pen.save();
  pen.beginPath();
  pen.rect(SIDE, top, width, rowHeight());
  pen.clip();
  drawCurve(pen, ink, k, top + LABEL);
  drawBars(pen, ink, k, top + LABEL + CURVE + GAP);
  pen.restore();
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = ink("panel");
  pen.strokeText(now.classes[k], SIDE, top + 15);
  pen.lineWidth = 1;
  pen.fillStyle = ink("ink");
  pen.fillText(now.classes[k], SIDE, top + 15);
}

function drawBars(pen, ink, k, bar) {
  const inView = (row) => row.end >= view[0] && row.start <= view[1];
  const box = (row) => [toX(row.start), toX(row.end) - toX(row.start)];
  pen.fillStyle = pen.strokeStyle = color(k);
  drawRemoved(pen, now.goneOf[k].filter(inView).map(box), bar);
  const rows = now.rowsOf[k].filter(inView);
  for (const [x, long] of rows.map(box)) {
    // However far out, a segment is never too thin to be seen.
    pen.fillRect(x, bar, Math.max(long, 2), BAR);
  }
  pen.lineWidth = 2;
  for (const [x, long] of (now.truthOf[k].filter(inView)).map(box)) {
    const low = bar + BAR + GAP + 1;
    pen.strokeRect(x + 1, low, Math.max(long - 2, 1), BAR - 2);
  }
  pen.fillStyle = pen.strokeStyle = ink("ink");
  for (const row of rows) {
    const [x, long] = box(row);
    // What a person changed or added is underlined.
    if (markOf(now, row)) pen.fillRect(x, bar + BAR + 1, Math.max(long, 4), 2);
    if (row === now.chosen) pen.strokeRect(x, bar, Math.max(long, 2), BAR);
  }
}

// Where a segment was that is there no more, or elsewhere.
function drawRemoved(pen, boxes, bar) {
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  for (const [x, long] of boxes) {
    pen.strokeRect(x + 0.5, bar + 0.5, Math.max(long - 1, 1), BAR - 1);
  }
  pen.setLineDash([]);
}

function drawCurve(pen, ink, k, top) {
  const scores = now.scores[k], low = top + CURVE;
  if (!scores.length) return;
  const column = now.seconds / now.columns;
  const first = Math.max(Math.floor(view[0] / column), 0);
  const stop = Math.min(Math.ceil(view[1] / column), now.columns);
  pen.beginPath();
  pen.moveTo(toX(first * column), low);
  // Columns that share a pixel are drawn as the highest of them.
  for (let p = first; p < stop;) {
    const x = toX(p * column);
    let highest = scores[p], next = p + 1;
    while (next < stop && toX(next * column) < x + 1) {
      highest = Math.max(highest, scores[next]);
      next += 1;
    }
    const y = low - highest / 255 * CURVE;
    pen.lineTo(x, y);
    pen.lineTo(toX(next * column), y);
    p = next;
  }
  pen.lineTo(toX(stop * column), low);
  pen.closePath();
  pen.fillStyle = color(k);
  pen.globalAlpha = 0.35;
  pen.fill();
  pen.globalAlpha = 1;
  const limit = Math.round(low - now.thresholds[k] * CURVE) + 0.5;
  pen.setLineDash([2, 4]);
  pen.strokeStyle = ink("dim");
  pen.beginPath();
  pen.moveTo(SIDE, limit);
  pen.lineTo(SIDE + width, limit);
  pen.stroke();
  pen.setLineDash([]);
}

function drawNow() {
  const pen = canvas.getContext("2d"), scale = window.devicePixelRatio || 1;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(still, 0, 0);
  pen.scale(scale, scale);
  const style = getComputedStyle(document.documentElement);
  pen.strokeStyle = pen.fillStyle = style.getPropertyValue("--now");
  drawMark(pen);
  const x = toX(video.currentTime);
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(x, 4);
  pen.lineTo(x, canvas.clientHeight);
  pen.stroke();
  pen.beginPath();
  pen.arc(x, 6, 5, 0, 2 * Math.PI);
  pen.fill();
}

// From the start of a segment to be added to the present.
function drawMark(pen) {
  if (now.mark === null) return;
  const from = toX(startOf(now.mark)), to = toX(video.currentTime);
  pen.globalAlpha = 0.15;
  pen.fillRect(Math.min(from, to), AXIS, Math.max(Math.abs(to - from), 2),
    canvas.clientHeight);
  pen.globalAlpha = 1;
}

function follow() {
  const seconds = video.currentTime, span = view[1] - view[0];
  if (seconds < view[0] || seconds > view[1]) {
    look(seconds - span / 10, span);
  } else {
    drawNow();
  }
  const frame = frameAt(seconds);
  const inside = (row) =>
    nearest(row.start) <= frame && frame < nearest(row.end);
  const rows = now.rows.map((row, index) => inside(row) ? index : -1)
    .filter((index) => index >= 0);
  const names = rows.map((index) => {
    const row = now.rows[index];
    const score = markOf(now, row) ? "" : ` ${row.score.toFixed(2)}`;
    return `${now.classes[row.k]}${score}`;
  });
  by("now").textContent = `${clock(startOf(frame))} of ` +
    `${clock(now.seconds)}${names.length ? "  \u2013  " : ""}` +
    names.join(", ");
  if (current !== String(rows)) {
    const body = by("rows").children;
    for (const line of by("rows").querySelectorAll(".now")) {
      line.classList.remove("now");
    }
    for (const n of rows) body[n]?.classList.add("now");
    current = String(rows);
  }
}
