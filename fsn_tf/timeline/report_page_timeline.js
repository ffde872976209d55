"use strict";

// The timeline: drawn on a canvas, twice. `still` is all but the line of the
// present, so that only the line is drawn while a video plays.

// The parts of a row of the timeline, in CSS pixels.
const AXIS = 24, LABEL = 20, CURVE = 28, GAP = 3, BAR = 10, REST = 8, SIDE = 8;
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
  pen.fillStyle = pen.strokeStyle = color(k);
  const bar = top + LABEL + CURVE + GAP;
  const inView = ([, start, end]) => end >= view[0] && start <= view[1];
  for (const [, start, end] of now.foundOf[k].filter(inView)) {
    // However far out, a segment is never too thin to be seen.
    pen.fillRect(toX(start), bar, Math.max(toX(end) - toX(start), 2), BAR);
  }
  pen.lineWidth = 2;
  for (const [, start, end] of now.truthOf[k].filter(inView)) {
    const long = Math.max(toX(end) - toX(start) - 2, 1);
    pen.strokeRect(toX(start) + 1, bar + BAR + GAP + 1, long, BAR - 2);
  }
  pen.restore();
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = ink("panel");
  pen.strokeText(now.classes[k], SIDE, top + 15);
  pen.lineWidth = 1;
  pen.fillStyle = ink("ink");
  pen.fillText(now.classes[k], SIDE, top + 15);
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
  const limit = Math.round(low - page.threshold * CURVE) + 0.5;
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

function follow() {
  const seconds = video.currentTime, span = view[1] - view[0];
  if (seconds < view[0] || seconds > view[1]) {
    look(seconds - span / 10, span);
  } else {
    drawNow();
  }
  const frame = frameAt(seconds);
  const inside = ([, start, end]) =>
    Math.round(start * now.fps) <= frame && frame < Math.round(end * now.fps);
  const rows = now.found.map((row, index) => inside(row) ? index : -1)
    .filter((index) => index >= 0);
  const names = rows.map((index) => {
    const [k, , , score] = now.found[index];
    return `${now.classes[k]} ${score.toFixed(2)}`;
  });
  by("now").textContent = `${clock(startOf(frame))} of ` +
    `${clock(now.seconds)}${names.length ? "  \u2013  " : ""}` +
    names.join(", ");
  if (current !== String(rows)) {
    const all = [...by("rows").children];
    all.forEach((row, n) => row.classList.toggle("now", rows.includes(n)));
    current = String(rows);
  }
}

function look(from, span) {
  span = Math.min(Math.max(span, 1), now.seconds) || now.seconds;
  from = Math.min(Math.max(from, 0), now.seconds - span);
  view = [from, from + span];
  by("zoom-out").disabled = by("zoom-all").disabled = span >= now.seconds;
  redraw();
}

function zoom(factor) {
  const share = (video.currentTime - view[0]) / (view[1] - view[0]);
  const span = (view[1] - view[0]) * factor;
  look(video.currentTime - Math.min(Math.max(share, 0), 1) * span, span);
}

// What the pointer is over: its time, class and segment.
function under(event) {
  const box = canvas.getBoundingClientRect();
  const x = event.clientX - box.left, y = event.clientY - box.top;
  const seconds = toSeconds(x);
  const place = Math.floor((y - AXIS) / rowHeight());
  const k = shownClasses()[place];
  if (y < AXIS || k === undefined) return { x, y, seconds };
  const inRow = y - AXIS - place * rowHeight() - LABEL - CURVE - GAP;
  const ofKind = inRow < BAR + GAP / 2 ? now.foundOf : now.truthOf;
  // A segment is as wide as it is drawn.
  const segment = inRow >= 0 && ofKind[k].find(([, start, end]) =>
    x >= toX(start) && x <= Math.max(toX(end), toX(start) + 2));
  return { x, y, seconds, k, segment };
}

function hover(event) {
  const at = under(event), lines = [clock(startOf(frameAt(at.seconds)))];
  if (at.k !== undefined) {
    const middle = (frameAt(at.seconds) + 0.5) / now.fps;
    const column = Math.floor(middle / now.seconds * now.columns);
    const score = now.scores[at.k][Math.min(column, now.columns - 1)];
    const text = score === undefined ? "" : ` ${(score / 255).toFixed(2)}`;
    lines.push(`${now.classes[at.k]}${text}`);
  }
  if (at.segment) {
    const [, start, end, score] = at.segment;
    const kind = score === undefined ? "ground truth" : score.toFixed(3);
    lines.push(`${clock(start)} \u2013 ${clock(end)}  ${kind}`);
  }
  tip.textContent = lines.join("\n");
  tip.hidden = false;
  const right = canvas.clientWidth - tip.offsetWidth - 4;
  const low = canvas.clientHeight - tip.offsetHeight - 4;
  const left = Math.max(Math.min(at.x + 14, right), 4);
  const top = Math.max(Math.min(at.y + 14, low), 4);
  tip.style.transform = `translate(${left}px, ${top}px)`;
  if (event.buttons === 1) seekFrame(frameAt(at.seconds));
}
