"use strict";

// What all parts of the page speak of: the video shown, and its times.

const page = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const video = by("video"), canvas = by("canvas"), tip = by("tip");

let now;             // the video shown: an entry of page.videos
let view;            // [from, to] in seconds: what the timeline shows

// A frame lasts from f / fps to (f + 1) / fps. Seeking goes to its middle,
// where rounding in a file cannot show a neighbor.
const frameAt = (seconds) => Math.floor(seconds * now.fps + 1e-6);
const startOf = (frame) => frame / now.fps;
const nearest = (seconds) => Math.round(seconds * now.fps);

function seekFrame(frame) {
  const last = Math.max(Math.ceil(now.seconds * now.fps) - 1, 0);
  const middle = (Math.min(Math.max(frame, 0), last) + 0.5) / now.fps;
  video.currentTime = Math.min(middle, Math.max(now.seconds - 0.001, 0));
}

function seekStart(seconds) {
  seekFrame(nearest(seconds));
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

const span = (row) => `${clock(row.start)} \u2013 ${clock(row.end)}`;
