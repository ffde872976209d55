const page = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const video = by("video"), canvas = by("canvas"), tip = by("tip");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Rows of the table at first; more of them make a page slow.
const FEW = 1000;

let now;             // the video shown: an entry of page.videos
let view;            // [from, to] in seconds: what the timeline shows
let width = 1;       // of what it shows, in CSS pixels; asking is slow
let still = null;    // the timeline without the line of the present
let current = "";    // which rows of the table are marked

// Times. A frame lasts from f / fps to (f + 1) / fps. Seeking goes to its
// middle, where rounding in a file cannot show a neighbor.
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

// The golden angle keeps neighbors apart, however many there are.
const hue = (k) => (210 + k * 137.5) % 360;

function color(k) {
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
  let text = `${now.found.length} ${one} scored above ${page.threshold}`;
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

// Keys.
function neighbor(step) {
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
  p: () => neighbor(-1),
  n: () => neighbor(1),
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
