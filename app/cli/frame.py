"""The root of the command line: reads what was typed, runs the verb, says what went wrong.

Exit codes: 0 done; 1 a bug; 2 refused (by a rule, or the line was not understood); 3 trouble
(disk, network, lock: worth trying again); 130 stopped by whoever started it.
"""

from __future__ import annotations

import os
import sys
from argparse import Action, ArgumentParser
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from app import words
from app.cli.verbs import DEFAULT, VERBS
from app.domain.errors import Cancelled, Refusal, Trouble
from app.words import gettext as _

REFUSED, TROUBLED, STOPPED = 2, 3, 130


class Parser(ArgumentParser):
    """An argument parser whose complaint is a Refusal like any other."""

    def error(self, message: str) -> NoReturn:
        """Say how the command is written, then refuse the line."""
        self.print_usage(sys.stderr)
        raise Refusal("command.unclear", said=message)


class _Version(Action):
    """Looked up when it is asked: finding it costs as much as the first screen's fonts."""

    def __call__(self, parser: ArgumentParser, *_args: object, **_more: object) -> NoReturn:
        from importlib import metadata

        print(f"Sổ An Sinh {metadata.version('soansinh')}")
        parser.exit()


def run(argv: Sequence[str]) -> int:
    """Do what the command line asks; the exit code."""
    words.speak(_language(argv))
    try:
        args = _parser().parse_args(list(argv))
        code: int = args.run(args)
        sys.stdout.flush()
    except Refusal as error:
        return _tell(error, REFUSED)
    except Trouble as error:
        return _tell(error, TROUBLED)
    except (Cancelled, KeyboardInterrupt):
        return _tell(Cancelled(), STOPPED)
    except BrokenPipeError:
        # The reader went away (`soansinh import … | head`); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return TROUBLED
    return code


def _tell(error: Exception, code: int) -> int:
    said = words.explain(error)
    for line in (said.happened, said.kept, said.todo):
        if line:
            print(line, file=sys.stderr)
    return code


def _language(argv: Sequence[str]) -> str:
    """Looked up by hand: it must be known before the first word is said, --help included."""
    for word, after in pairwise([*argv, ""]):
        name, _equals, value = word.partition("=")
        if name == "--language" and (value or after) in words.LANGUAGES:
            return value or after
    return words.LANGUAGES[0]


def _root() -> ArgumentParser:
    parser = Parser(prog="soansinh", description=_("The social-protection register of a commune."))
    parser.add_argument("--version", action=_Version, nargs=0, help=_("say which version this is"))
    parser.add_argument("--language", choices=words.LANGUAGES, help=_("the language spoken"))
    parser.add_argument(
        "--profile", default="", metavar=_("NAME"), help=_("which laptop, where one machine plays several")
    )
    parser.set_defaults(run=DEFAULT)
    return parser


def _parser() -> ArgumentParser:
    root = _root()
    verbs = root.add_subparsers(title=_("verbs"), metavar=_("VERB"))
    for verb in VERBS:
        verb.add_to(verbs)
    return root
