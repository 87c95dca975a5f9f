"""`dateline serve` and `dateline version`."""

from __future__ import annotations

import socket
from dataclasses import replace
from importlib.metadata import version

import click

from web.config import Config
from web.options import engine_option
from web.preparing import prepare


@click.command("serve", short_help="Serve the web page and the JSON API.")
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--threads", type=click.IntRange(1, 256), help="Requests answered at once.")
@engine_option
@click.pass_obj
def serve_archive(config: Config, host: str | None, port: int | None, threads: int | None) -> None:
    """Serve the archive as web pages and JSON, with a server fit for production."""
    # Imported here because other commands do without a web server.
    from waitress.server import create_server  # noqa: PLC0415

    from web import create_app  # noqa: PLC0415

    config = replace(
        config,
        host=host or config.host,
        port=port or config.port,
        threads=threads or config.threads,
    )
    prepare(config.engine)
    with _listen(config.host, config.port) as listener:
        server = create_server(create_app(config), sockets=[listener], threads=config.threads)
        click.echo(
            f"Dateline is at http://{config.host}:{config.port}/ - Ctrl-C ends it.", err=True
        )
        server.run()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror or error}"
        ) from error


@click.command("version")
def show_version() -> None:
    """Print the version."""
    click.echo(version("dateline"))
