"""What can be checked of ``deploy/`` without a container engine; see deploy/README.md for what cannot."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import documented

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {one.name for one in documented()}


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def copied() -> list[str]:
    """What the Containerfile copies from the repository."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ")]
    return [source for line in lines if not line[0].startswith("--from") for source in line]


def test_containerfile__copies_what_there_is_and_every_package() -> None:
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["tool"]["uv"]["build-backend"]["module-name"]) <= set(copied())


def test_containerfile__runs_as_nobody_in_particular() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    [user] = re.findall(r"^USER (\d+):\d+$", text, re.MULTILINE)
    assert int(user) > 0
    assert text.index("USER ") < text.index("ENTRYPOINT ")


@pytest.mark.parametrize("file", ["Containerfile", "compose.yaml", "merilo.service"])
def test_settings__are_those_that_merilo_knows(file: str) -> None:
    text = (DEPLOY / file).read_text(encoding="utf-8")
    assert set(re.findall(r"\bMERILO_[A-Z_]+", text)) <= SETTINGS


@pytest.mark.parametrize("name", services())
def test_compose__names_only_what_there_is(name: str) -> None:
    whole, service = compose(), services()[name]
    assert ("image" in service) != ("build" in service)
    assert set(service.get("depends_on", [])) <= set(services())
    assert set(service.get("networks", [])) <= set(whole["networks"])
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        if source.startswith("./"):
            assert (DEPLOY / source).exists()
        elif not source.startswith("$"):
            assert source in whole["volumes"]
    if build := service.get("build"):
        assert (DEPLOY / build["context"] / build["dockerfile"]).exists()


def test_compose__secrets_come_from_outside_and_the_database_is_not_reachable() -> None:
    given = services()["merilo"]["environment"]
    for name in ("MERILO_KEY", "MERILO_TELEGRAM_TOKEN", "MERILO_WEBHOOK_SECRET"):
        assert given[name].startswith("${"), name
    assert services()["database"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"] == {"internal": True}
    assert "ports" not in services()["database"]


@pytest.mark.parametrize("name", ["merilo", "proxy"])
def test_compose__hardened(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
def test_unit__is_sound_and_tight(tmp_path: Path) -> None:
    unit = tmp_path / "merilo.service"
    text = (DEPLOY / "merilo.service").read_text(encoding="utf-8")
    # Only what is installed can be verified: Python stands in for Merilo.
    unit.write_text(text.replace("/opt/merilo/.venv/bin/merilo", sys.executable), encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], check=False, capture_output=True, text=True
    )
    own = [line for line in said.stderr.splitlines() if "merilo" in line]
    assert (said.returncode, own) == (0, [])
    tight = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert tight.returncode == 0, tight.stdout


def test_setup__compiles_every_package_that_runs() -> None:
    # merilo.service may not write bytecode: without it, every start would compile all of Merilo.
    told = subprocess.run(["make", "-n", "setup"], cwd=ROOT, check=True, capture_output=True)
    [compiling] = [line for line in told.stdout.decode().splitlines() if "compileall" in line]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["tool"]["uv"]["build-backend"]["module-name"]) <= set(compiling.split())
