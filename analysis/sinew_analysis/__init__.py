"""Reads Sinew result files: figures, tables and the report. Knows the file's layout and nothing of the program."""

import importlib

# Checked here, once, so that a missing module costs one line and not a traceback. Debian's own
# Python has them as packages; another python3 earlier on PATH may see none of them.
_NEEDED = {
    "h5py": "python3-h5py",
    "numpy": "python3-numpy",
    "matplotlib": "python3-matplotlib",
    "jinja2": "python3-jinja2",
}


def missing_packages(import_module=importlib.import_module):
    """Debian packages of the modules that this Python cannot import."""
    missing = []
    for module, package in _NEEDED.items():
        try:
            import_module(module)
        except ImportError:
            missing.append(package)
    return missing


def cure(packages):
    """The one line that a user without the modules reads."""
    return (
        "sinew_analysis: modules are missing; cure: apt-get install "
        + " ".join(packages)
        + "  (and use /usr/bin/python3)"
    )


_missing = missing_packages()
if _missing:
    raise SystemExit(cure(_missing))
