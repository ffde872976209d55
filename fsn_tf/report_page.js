"use strict";
const page = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const video = by("video"), canvas = by("canvas"), tip = by("tip");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Rows of the table at first; more of them make a page slow.
const FEW = 1000;

// The parts of a row of the timeline, in CSS pixels.
const AXIS = 24, LABEL = 20, CURVE = 28, GAP = 3, BAR = 10, REST = 8, SIDE = 8;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 18000, 36000];

let now;             // the video shown: an entry of page.videos
let view;            // [from, to] in seconds: what the timeline shows
let width = 1;       // of what it shows, in CSS pixels; asking is slow
let still = null;    // the timeline without the line of the present
let current = "";    // which rows of the table are marked

// Times. A frame lasts from f / fps to (f + 1) / fps. Seeking goes to its
// middle, where rounding in a file cannot show a neighbour.
const frameAt = (seconds) => Math.floor(seconds * now.fps + 1e-6);
const startOf = (frame) => frame / now.fps;

function seekFrame(frame) {
  const last = Math.max(Math.ceil(now.seconds * now.fps) - 1, 0);
  const middle = (Math.min(Math.max(frame, 0), last) + 0.5) / now.fps;
  video.currentTime = Math.min(middle, Math.max(now.seconds - 0.001, 0));
}

function seekStart(seconds) {
  seekFrame(Math.round(seconds * now.fps));
}

function clock(seconds, digits = 2) {
  const ticks = Math.round(seconds * 10 ** digits);
  const whole = Math.floor(ticks / 10 ** digits);
  const rest = String(ticks % 10 ** digits).padStart(digits, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  const pad = (x) => String(x).padStart(2, "0");
  const head = hours ? `${hours}:${pad(minutes)}` : `${minutes}`;
  return `${head}:${pad(whole % 60)}${digits ? "." + rest : ""}`;
}

// Videos.
function show(index) {
  now = page.videos[index];
  if (!now.scores) prepare(now);
  by("videos").selectedIndex = index;
  by("name").textContent = now.name;
  by("previous-video").disabled = index === 0;
  by("next-video").disabled = index === page.videos.length - 1;
  by("note").textContent = now.note;
  by("note").hidden = !now.note;
  by("trouble").hidden = true;
  video.src = now.media;
  video.setAttribute("aria-label", now.name);
  listClasses();
  listSegments();
  look(0, now.seconds);
}

function prepare(each) {
  const bytes = Uint8Array.from(atob(each.curves), (x) => x.charCodeAt(0));
  each.scores = each.classes.map((_, k) =>
    bytes.subarray(k * each.columns, (k + 1) * each.columns));
  const ofClass = (rows, k) => (rows || []).filter((row) => row[0] === k);
  each.foundOf = each.classes.map((_, k) => ofClass(each.found, k));
  each.truthOf = each.classes.map((_, k) => ofClass(each.truth, k));
  const highest = each.scores.map((x) => x.reduce((a, b) => Math.max(a, b), 0));
  each.shown = each.classes.map((_, k) => each.foundOf[k].length > 0 ||
    each.truthOf[k].length > 0 || highest[k] / 255 >= page.threshold / 2);
  if (!each.shown.includes(true)) {
    each.shown[highest.indexOf(Math.max(...highest))] = true;
  }
}

// The golden angle keeps neighbours apart, however many there are.
const hue = (k) => (210 + k * 137.5) % 360;

function colour(k) {
  const style = getComputedStyle(document.documentElement);
  return `hsl(${hue(k)} 62% ${style.getPropertyValue("--lightness")})`;
}

function listClasses() {
  const labels = now.classes.map((name, k) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = now.shown[k];
    box.addEventListener("change", () => {
      now.shown[k] = box.checked;
      redraw();
    });
    label.append(box, name);
    return label;
  });
  const legend = by("classes").firstElementChild;
  by("classes").replaceChildren(legend, ...labels);
}

function listSegments() {
  fill("rows", now.found.slice(0, FEW));
  fill("truth-rows", (now.truth || []).slice(0, FEW));
  by("all").hidden =
    Math.max(now.found.length, (now.truth || []).length) <= FEW;
  by("nothing").hidden = now.found.length > 0;
  by("found").hidden = now.found.length === 0;
  by("truth").hidden = !now.truth;
  by("legend-truth").hidden = !now.truth;
  current = "";
  const one = now.found.length === 1 ? "segment" : "segments";
  let text = `${now.found.length} ${one} surer than ${page.threshold}`;
  const counts = now.classes.map((name, k) => [now.foundOf[k].length, name]);
  const parts = counts.filter((x) => x[0]).map((x) => x.join(" "));
  if (parts.length) text += `: ${parts.join(", ")}`;
  if (now.truth) text += `. Ground truth: ${now.truth.length}`;
  by("summary").textContent = `${text}.`;
  canvas.setAttribute("aria-label", `Timeline of ${now.name}`);
}

function fill(id, rows) {
  const body = by(id);
  body.replaceChildren();
  for (const [k, start, end, score] of rows) {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    const button = document.createElement("button");
    head.scope = "row";
    button.type = "button";
    button.textContent = now.classes[k];
    button.setAttribute("aria-label", `${now.classes[k]} at ${clock(start)}`);
    button.style.setProperty("--hue", hue(k));
    button.addEventListener("click", () => seekStart(start));
    head.append(button);
    row.append(head);
    const texts = [clock(start), clock(end)];
    if (score !== undefined) texts.push(score.toFixed(3));
    for (const text of texts) {
      const cell = document.createElement("td");
      cell.className = "number";
      cell.textContent = text;
      row.append(cell);
    }
    body.append(row);
  }
}

// The timeline.
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
  pen.fillStyle = pen.strokeStyle = colour(k);
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
  pen.fillStyle = colour(k);
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

// Keys.
function neighbour(step) {
  const here = frameAt(video.currentTime);
  const starts = now.found.map((row) => Math.round(row[1] * now.fps));
  const sides = step > 0 ? starts.filter((x) => x > here) :
    starts.filter((x) => x < here).reverse();
  if (sides.length) seekFrame(sides[0]);
}

function step(seconds) {
  seekFrame(frameAt(video.currentTime) + Math.round(seconds * now.fps));
}

function move(videos) {
  const index = page.videos.indexOf(now) + videos;
  if (page.videos[index]) show(index);
}

const KEYS = {
  " ": () => video.paused ? video.play() : video.pause(),
  ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
  ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
  ",": () => seekFrame(frameAt(video.currentTime) - 1),
  ".": () => seekFrame(frameAt(video.currentTime) + 1),
  p: () => neighbour(-1),
  n: () => neighbour(1),
  "[": () => move(-1),
  "]": () => move(1),
  "+": () => zoom(0.5),
  "-": () => zoom(2),
  0: () => look(0, now.seconds),
};

document.addEventListener("keydown", (event) => {
  const own = event.target.closest("input, select, button, summary");
  const taken = event.ctrlKey || event.altKey || event.metaKey;
  // What has the focus answers its own keys.
  const kept = own && (event.key === " " || own.matches("select"));
  if (taken || kept || !Object.hasOwn(KEYS, event.key) || !now) return;
  event.preventDefault();
  // The player would answer the same keys once more.
  event.stopPropagation();
  KEYS[event.key](event);
}, true);

function tick() {
  if (video.paused || video.ended) return;
  follow();
  requestAnimationFrame(tick);
}

for (const name of ["timeupdate", "seeking", "seeked", "loadeddata"]) {
  video.addEventListener(name, follow);
}
video.addEventListener("play", () => {
  if (!calm.matches) tick();
});
video.addEventListener("error", () => {
  by("trouble").textContent = `This browser cannot play ${now.media}` +
    `${video.error?.message ? ` (${video.error.message})` : ""}. ` +
    "Is it beside this page? Another browser may play it.";
  by("trouble").hidden = false;
});
canvas.addEventListener("pointermove", hover);
canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
canvas.addEventListener("pointerdown", (event) => {
  const at = under(event);
  if (at.segment) seekStart(at.segment[1]);
  else seekFrame(frameAt(at.seconds));
});
by("zoom-in").addEventListener("click", () => zoom(0.5));
by("zoom-out").addEventListener("click", () => zoom(2));
by("zoom-all").addEventListener("click", () => look(0, now.seconds));
by("previous-video").addEventListener("click", () => move(-1));
by("next-video").addEventListener("click", () => move(1));
by("all").addEventListener("click", () => {
  fill("rows", now.found);
  fill("truth-rows", now.truth || []);
  by("all").hidden = true;
  current = "";
  follow();
});
by("videos").addEventListener("change", (event) => {
  show(event.target.selectedIndex);
});
new ResizeObserver(() => now && redraw()).observe(by("timeline"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

by("failures").hidden = !page.failures.length;
by("failures").querySelector("ul").append(...page.failures.map((line) => {
  const item = document.createElement("li");
  item.textContent = line;
  return item;
}));
by("videos").append(...page.videos.map((each) => new Option(each.name)));
by("choice").hidden = page.videos.length < 2;
show(0);
