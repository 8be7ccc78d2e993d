# The same bootstrap as everywhere: what is tested is what runs here.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEARSIGHT_DATA_DIR=/data

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hearsight \
    && install -d -m 0700 -o hearsight -g hearsight /data

WORKDIR /srv/hearsight
COPY pyproject.toml requirements.lock requirements-dev.lock LICENSE README.md ./
COPY app app
COPY migrations migrations

# Makes .venv from the lock, each package checked against its hash. The program's folder stays root's, and unwritable for the server.
RUN python3 -m app version

USER hearsight
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
    CMD ["python3", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/readyz'); raise SystemExit(c.getresponse().status != 200)"]

# Once, and after each upgrade: docker run … migrate
ENTRYPOINT ["python3", "-m", "app"]
CMD ["serve", "--host", "0.0.0.0"]
