// The page as a whole: which video it shows, and what keys and buttons do.

const calm = matchMedia("(prefers-reduced-motion: reduce)");

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
  all = false;
  by("label").replaceChildren(...now.classes.map((name) => new Option(name)));
  listClasses();
  listSegments();
  say("");
  look(0, now.seconds);
}

function prepare(each) {
  const bytes = Uint8Array.from(atob(each.curves), (x) => x.charCodeAt(0));
  each.scores = each.classes.map((_, k) =>
    bytes.subarray(k * each.columns, (k + 1) * each.columns));
  each.truthOf = each.classes.map((_, k) =>
    (each.truth || []).filter((row) => row.k === k));
  // Told as the differences between the frames where a curve crosses.
  each.crossings = each.classes.map((_, k) => {
    let frame = 0;
    return (each.crossings[k] || []).map((x) => (frame += x));
  });
  const highest = each.scores.map((x) => x.reduce((a, b) => Math.max(a, b), 0));
  each.shown = each.classes.map((_, k) => each.rowsOf[k].length > 0 ||
    each.truthOf[k].length > 0 || highest[k] / 255 >= each.thresholds[k] / 2);
  if (!each.shown.includes(true)) {
    each.shown[highest.indexOf(Math.max(...highest))] = true;
  }
}

// Keys.
function neighbor(step) {
  const next = beside(step);
  if (!next) return;
  choose(next);
  seekStart(next.start);
}

// The next in the list where the chosen one is on the screen, so that none is
// passed over; else the next in time.
function beside(step) {
  const here = frameAt(video.currentTime), place = now.rows.indexOf(now.chosen);
  const [first, stop] = place >= 0 ? framesOf(now.chosen) : [Infinity, 0];
  if (step > 0 ? first <= here && here < stop : first === here) {
    return now.rows[place + step];
  }
  return step > 0 ? now.rows.find((row) => nearest(row.start) > here) :
    now.rows.findLast((row) => nearest(row.start) < here);
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
  i: markStart,
  o: addToHere,
  x: split,
  j: join,
  s: () => focusEdge("start"),
  e: () => focusEdge("end"),
  c: () => by("label").focus(),
  Delete: remove,
  Backspace: remove,
  Escape: letGo,
};
const WITH_CONTROL = {
  z: () => travel(-1),
  y: () => travel(1),
  Z: () => travel(1),
};

// Takes back what is under way, the latest first.
function letGo() {
  if (now.mark !== null) {
    now.mark = null;
    say("Nothing is added.");
    redraw();
  } else {
    choose(null);
  }
}

function answer(event) {
  const control = event.ctrlKey || event.metaKey;
  const answers = control ? WITH_CONTROL : KEYS;
  const own = event.target.closest("input, select, button, summary");
  if (event.key === "Escape" && own?.matches("select")) {
    own.blur();
    return true;
  }
  // What has the focus answers its own keys.
  const kept = own && !control && (event.key === " " || own.matches("select"));
  // With Caps Lock or Shift a letter is the same key.
  const key = control || event.key.length > 1 ? event.key :
    event.key.toLowerCase();
  if (event.altKey || kept || !Object.hasOwn(answers, key)) return false;
  // An edge has the arrows until another key is pressed.
  if (!control && event.target.matches(".edge")) event.target.blur();
  answers[key](event);
  return true;
}

// While the pointer has an edge, keys can only let it go.
function keyInDrag(event) {
  if (!drag) return false;
  if (event.key === "Escape") drop(false);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!now || !keyInDrag(event) && !keyOnHandle(event) && !answer(event)) return;
  event.preventDefault();
  // The player would answer the same keys once more.
  event.stopPropagation();
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
canvas.addEventListener("pointermove", (event) => drag || hover(event));
canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  const at = under(event), edge = edgeAt(at);
  if (edge) {
    grab(event, edge);
    return;
  }
  if (at.segment && at.onFound) choose(at.segment);
  if (at.segment) seekStart(at.segment.start);
  else seekFrame(frameAt(at.seconds));
});
by("zoom-in").addEventListener("click", () => zoom(0.5));
by("zoom-out").addEventListener("click", () => zoom(2));
by("zoom-all").addEventListener("click", () => look(0, now.seconds));
by("previous-video").addEventListener("click", () => move(-1));
by("next-video").addEventListener("click", () => move(1));
by("all").addEventListener("click", () => {
  all = true;
  listSegments();
  follow();
});
const BUTTONS = {
  undo: () => travel(-1),
  redo: () => travel(1),
  "mark-start": markStart,
  "mark-end": addToHere,
  split,
  join,
  delete: remove,
  revert,
  "take-truth": takeTruth,
  save,
};
for (const [id, press] of Object.entries(BUTTONS)) {
  by(id).addEventListener("click", press);
}
by("label").addEventListener("change", (event) => {
  relabel(event.target.selectedIndex);
});
window.addEventListener("beforeunload", (event) => {
  if (page.videos.some((each) => !isSaved(each) && !each.isKept)) {
    event.preventDefault();
  }
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
page.videos.forEach(begin);
// A link may name the video: report.html#VIDEO.
const asked = () => page.videos.findIndex(
  (each) => each.name === decodeURIComponent(location.hash.slice(1)));
window.addEventListener("hashchange", () => {
  if (asked() >= 0) show(asked());
});
show(Math.max(asked(), 0));
