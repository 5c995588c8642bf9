FROM python:3.11.14-slim-bookworm

RUN useradd --create-home --uid 10001 searchsvc && install -d -o searchsvc /data
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY searchsvc ./searchsvc
COPY ingest ./ingest
COPY eval ./eval
RUN pip install --no-cache-dir --constraint constraints.txt .

USER searchsvc
ENV SEARCHSVC_HOME=/data SEARCHSVC_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
CMD ["searchsvc", "serve"]
