"""The browser of tests, of checks and of benchmarks."""

CHROMIUM = "/usr/bin/chromium"
DRAWN_BY_SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]  # no graphics card is needed
FLAGS = ["--no-sandbox", *DRAWN_BY_SOFTWARE, "--disable-dev-shm-usage"]
# Nothing is asked of any host but ours.
QUIET_FLAGS = [
    *["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    "--disable-quic",
]
