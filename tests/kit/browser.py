"""A real browser for tests: headless Chromium, driven through chromedriver."""

import base64
import json
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update "
    "--disable-sync --mute-audio --autoplay-policy=no-user-gesture-required "
    # Lets a test look at the pixels of a video that lies on the disk.
    "--allow-file-access-from-files"
).split()
_ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Browser:
    """One window; a context manager that closes it.

    A test that asks for it is skipped where Debian's packages chromium and
    chromium-driver, or their like, are not installed.
    """

    def __enter__(self):
        driver = shutil.which("chromedriver")
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        if not driver or not chromium:
            raise unittest.SkipTest(
                "no browser: install chromium and chromium-driver"
            )
        self._profile = tempfile.TemporaryDirectory()
        self._driver = subprocess.Popen(
            [driver, "--port=0"], stdout=subprocess.PIPE, text=True
        )
        port = next(
            found[1]
            for line in self._driver.stdout
            if (found := re.search(r"started successfully on port (\d+)", line))
        )
        self._address = f"http://127.0.0.1:{port}/session"
        arguments = [*_OPTIONS, f"--user-data-dir={self._profile.name}"]
        options = {"binary": chromium, "args": arguments}
        wanted = {"alwaysMatch": {"goog:chromeOptions": options}}
        session = self._post("", capabilities=wanted)["sessionId"]
        self._address += f"/{session}"
        return self

    def __exit__(self, *_):
        try:
            self._ask(urllib.request.Request(self._address, method="DELETE"))
        finally:
            self._driver.terminate()
            self._driver.wait()
            self._driver.stdout.close()
            self._profile.cleanup()

    def open(self, path):
        """Opens a file from the disk."""
        self._post("/url", url=path.absolute().as_uri())

    def resize(self, width, height):
        """Sets the size of what shows the page, in pixels."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def run(self, script):
        """The value of a JavaScript expression; a promise is awaited."""
        return self._post(
            "/execute/sync", script=f"return ({script});", args=[]
        )

    def wait(self, condition):
        """Waits until a JavaScript expression is true; says if it became so."""
        return self.run(
            "(async () => { for (let n = 0; n < 400; n += 1) { "
            f"if ({condition}) return true; "
            "await new Promise((go) => setTimeout(go, 25)); } })()"
        )

    def press(self, *keys):
        """Types one key into the page; those before it are held meanwhile."""
        actions = [{"type": "keyDown", "value": key} for key in keys]
        actions += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._post(
            "/actions",
            actions=[{"type": "key", "id": "keyboard", "actions": actions}],
        )

    def point(self, x, y, *, click=False):
        """Moves the pointer to a place in the window, in pixels."""
        actions = [{"type": "pointerMove", "x": round(x), "y": round(y)}]
        if click:
            actions += [
                {"type": kind, "button": 0}
                for kind in ("pointerDown", "pointerUp")
            ]
        self._post(
            "/actions",
            actions=[{"type": "pointer", "id": "mouse", "actions": actions}],
        )

    def drag(self, start, end):
        """Presses at one place, moves to another and lets go, in pixels."""
        middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
        actions = []
        for place in (start, middle, end):
            x, y = map(round, place)
            actions.append({"type": "pointerMove", "x": x, "y": y})
        actions.insert(1, {"type": "pointerDown", "button": 0})
        actions.append({"type": "pointerUp", "button": 0})
        self._post(
            "/actions",
            actions=[{"type": "pointer", "id": "mouse", "actions": actions}],
        )

    def download_to(self, folder):
        """Lets downloads through, into a folder."""
        self.devtools(
            "Browser.setDownloadBehavior",
            behavior="allow",
            downloadPath=str(folder),
        )

    def errors(self):
        """What the page wrote into the console of the browser."""
        return self._post("/se/log", type="browser")

    def screenshot(self, path):
        """Writes a PNG of the window."""
        with urllib.request.urlopen(f"{self._address}/screenshot") as answer:
            path.write_bytes(base64.b64decode(json.load(answer)["value"]))

    def devtools(self, command, **parameters):
        """Runs a command of Chromium's own protocol."""
        return self._post("/goog/cdp/execute", cmd=command, params=parameters)

    def _post(self, where, **value):
        request = urllib.request.Request(
            self._address + where, json.dumps(value).encode()
        )
        return self._ask(request)

    def _ask(self, request):
        try:
            with _ASK.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            message = json.load(error)["value"]["message"]
            raise RuntimeError(message.split("\n")[0]) from error
