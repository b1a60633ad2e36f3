# syntax=docker/dockerfile:1

# The build runs on the machine's own architecture and compiles for the one asked for.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH=amd64
WORKDIR /source

# What decides the packages comes first: the restore below is kept until one of these changes.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Burgernet.Syndicate/Burgernet.Syndicate.csproj src/Burgernet.Syndicate/
COPY src/Burgernet.Syndicate.Connectors/Burgernet.Syndicate.Connectors.csproj src/Burgernet.Syndicate.Connectors/
COPY src/Burgernet.Syndicate.Sandbox/Burgernet.Syndicate.Sandbox.csproj src/Burgernet.Syndicate.Sandbox/
COPY src/Burgernet.Syndicate.Worker/Burgernet.Syndicate.Worker.csproj src/Burgernet.Syndicate.Worker/
RUN case "$TARGETARCH" in amd64) echo linux-x64 ;; arm64) echo linux-arm64 ;; *) echo "no build for $TARGETARCH" >&2; exit 1 ;; esac > /rid \
 && dotnet restore src/Burgernet.Syndicate.Worker -r "$(cat /rid)" -p:PublishReadyToRun=true

COPY src/ src/
RUN dotnet publish src/Burgernet.Syndicate.Worker --no-restore -c Release -r "$(cat /rid)" --self-contained false -p:PublishReadyToRun=true -o /app

# The tables and templates to start from. syndicate.json goes along under another name: an image that brought its own
# mode would start without anybody having chosen it.
COPY config/ /app/config-example/
RUN mv /app/config-example/syndicate.json /app/config-example/syndicate.json.example \
 && mkdir -p /empty/config /empty/data


FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
LABEL org.opencontainers.image.title="Burgernet.Syndicate" \
      org.opencontainers.image.description="Brings Dutch police appeals (Burgernet, AMBER Alert) to X, Facebook and WhatsApp groups" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.source="https://github.com/burgernet/syndicate"

# Diagnostics would open a socket in /tmp; with a read-only root there is none.
ENV DOTNET_EnableDiagnostics=0

WORKDIR /app
COPY --from=build /app ./
# /config stays empty and belongs to root; /data is the one place the program writes in, and belongs to $APP_UID.
COPY --from=build /empty/config /config
COPY --from=build --chown=1654:1654 /empty/data /data

USER $APP_UID
VOLUME ["/config", "/data"]
EXPOSE 8080

# The image has no shell; the program asks itself.
HEALTHCHECK --interval=30s --timeout=6s --start-period=20s --retries=3 \
    CMD ["./Burgernet.Syndicate.Worker", "health", "--urls", "http://127.0.0.1:8080"]

# Without a syndicate.json that says which mode it is, this ends at once with exit code 2.
ENTRYPOINT ["./Burgernet.Syndicate.Worker"]
CMD ["run", "--config", "/config", "--data", "/data", "--secrets", "/run/secrets", "--urls", "http://0.0.0.0:8080"]
