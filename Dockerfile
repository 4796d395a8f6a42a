# chatapp in an image. First everything is built, then only what serves is taken over: no compiler, no npm, no tests.
FROM python:3.11-slim AS build
ENV PATH=/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.txt ./
RUN python3 -m venv /venv && python3 -m pip install --require-hashes -r requirements.txt
COPY bin ./bin
COPY frontend ./frontend
COPY static ./static
RUN bin/post_compile

FROM python:3.11-slim
# No name that a new release of the base could take for somebody else, and no shell.
RUN groupadd --gid 10001 chatapp && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin chatapp \
    && install --directory --owner=10001 --group=10001 --mode=0700 /app/instance
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=5000
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app/static ./static
COPY bin/is_ready ./bin/is_ready
COPY chatapp ./chatapp
COPY locales ./locales
COPY templates ./templates
COPY wsgi.py ./
# By number: a platform that asks for somebody else than root can see that it is.
USER 10001:10001
# The secret, the database and the files, where no setting names another place.
VOLUME /app/instance
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 CMD ["python3", "bin/is_ready"]
# The master itself is told to end: a shell in between would keep the signal.
STOPSIGNAL SIGTERM
CMD ["python3", "wsgi.py"]
