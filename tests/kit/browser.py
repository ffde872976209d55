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

    def press(self, key):
        """Types one key into the page."""
        actions = [
            {"type": kind, "value": key} for kind in ("keyDown", "keyUp")
        ]
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
