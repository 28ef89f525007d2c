"""Headless Chromium for tests that open a report page. As a program: browser.py CHROMIUM WORK PAGE opens a page; all its pictures must be drawn
without an error and without a request."""
import atexit
import base64
import json
import os
import pathlib
import signal
import subprocess
import sys

screenshots = os.environ.get('CDR_SCREENSHOTS')


def fail(*what):
    raise SystemExit(' '.join(map(str, what)))


class Browser:
    """Chromium over its DevTools protocol through a pair of pipes: JSON messages, each ended by a zero byte."""

    def __init__(self, chromium, work):
        self.log = pathlib.Path(work, 'chromium.log')
        to_read, self.writer = os.pipe()
        self.reader, to_write = os.pipe()

        def descriptors():  # Chromium expects them at 3 and 4
            read, write = os.dup(to_read), os.dup(to_write)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [chromium, '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions', '--mute-audio',
             '--disable-background-networking', '--disable-component-update', '--disable-sync', f'--user-data-dir={work}/profile', '--remote-debugging-pipe', 'about:blank'],
            close_fds=False, preexec_fn=descriptors, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log.open('w'))
        os.close(to_read)
        os.close(to_write)
        atexit.register(self.end)
        self.buffer = b''
        self.number = 0
        self.session = None
        self.events = []
        target = [each for each in self.call('Target.getTargets')['targetInfos'] if each['type'] == 'page'][0]
        self.session = self.call('Target.attachToTarget', targetId=target['targetId'], flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Network', 'Log'):
            self.call(f'{domain}.enable')

    def end(self):
        """Ends all of its processes, which are a session of their own, in every case, so that none writes to the folder afterwards."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def receive(self):
        while b'\0' not in self.buffer:
            more = os.read(self.reader, 1 << 20)
            if not more:
                fail('Chromium has ended:', self.log.read_text()[-2000:])
            self.buffer += more
        message, self.buffer = self.buffer.split(b'\0', 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': parameters}
        if self.session:
            message['sessionId'] = self.session
        data = json.dumps(message).encode() + b'\0'
        while data:
            data = data[os.write(self.writer, data):]
        while True:
            answer = self.receive()
            if answer.get('id') == self.number:
                if 'error' in answer:
                    fail(method, answer['error'])
                return answer['result']
            if 'method' in answer:
                self.events.append(answer)

    def wait_for(self, method):
        while not any(event['method'] == method for event in self.events):
            answer = self.receive()
            if 'method' in answer:
                self.events.append(answer)

    def evaluate(self, expression):
        result = self.call('Runtime.evaluate', expression=expression, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in result:
            fail(expression, result['exceptionDetails'].get('exception', result['exceptionDetails']))
        return result['result'].get('value')

    def open(self, path, width=1400, dark=False):
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.call('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}, {'name': 'prefers-reduced-motion', 'value': 'reduce'}])
        self.events = []
        self.url = 'file://' + os.path.abspath(path)
        self.call('Page.navigate', url=self.url)
        self.wait_for('Page.loadEventFired')
        # Two frames later everything is drawn.
        self.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')

    def require_quiet(self, where):
        """No error, no warning, and no request except that for the page itself."""
        self.evaluate('1')
        for event in self.events:
            what = event['params']
            if event['method'] == 'Runtime.exceptionThrown':
                fail(where, 'an exception:', json.dumps(what)[:2000])
            if event['method'] == 'Runtime.consoleAPICalled' and what['type'] in ('error', 'warning', 'assert'):
                fail(where, 'the console says:', json.dumps(what['args'])[:2000])
            if event['method'] == 'Log.entryAdded' and what['entry']['level'] in ('error', 'warning'):
                fail(where, 'the log says:', what['entry'])
            if event['method'] == 'Network.requestWillBeSent' and what['request']['url'] != self.url and not what['request']['url'].startswith('data:'):
                fail(where, 'a request leaves:', what['request']['url'])

    def screenshot(self, name, whole=True):
        if not screenshots:
            return
        size = self.evaluate('[document.documentElement.clientWidth, document.documentElement.scrollHeight]')
        clip = {'x': 0, 'y': 0, 'width': size[0], 'height': size[1], 'scale': 1}
        image = self.call('Page.captureScreenshot', format='png', captureBeyondViewport=whole, **({'clip': clip} if whole else {}))
        pathlib.Path(screenshots, name + '.png').write_bytes(base64.b64decode(image['data']))


# For every picture, the share of its pixels that are not transparent.
drawn = '''[...document.querySelectorAll("canvas")].map(canvas => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0;
  for (let i = 3; i < pixels.length; i += 4) painted += pixels[i] > 0;
  return painted / (pixels.length / 4);
})'''


def require_drawn(browser, where):
    pictures = browser.evaluate(drawn)
    if len(pictures) != 4 or min(pictures) < 0.02:
        fail(where, 'pictures are not drawn:', pictures)
    if browser.evaluate('document.documentElement.dataset.drawn') != '4':
        fail(where, 'the page has not come to its end')


if __name__ == '__main__':
    program, folder, page = sys.argv[1:]
    browser = Browser(program, folder)
    browser.open(page)
    require_drawn(browser, page)
    browser.require_quiet(page)
    browser.screenshot('page')
